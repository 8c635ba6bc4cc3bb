"""The homes of trainees and staff: to-dos asked of every app that knows of something, and figures."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.todos import Todo, TodoSource
from tenants.attempts.queries import todos as attempt_todos
from tenants.billing.queries import todos as billing_todos
from tenants.courses.queries import catalogue
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.queries import todos as roster_todos
from tenants.rosters.states import EnrolmentState
from tenants.sittings.queries import todos as sitting_todos

TRAINEE: tuple[TodoSource, ...] = (
    roster_todos.for_trainee,
    billing_todos.for_trainee,
    attempt_todos.for_trainee,
    sitting_todos.for_trainee,
)
STAFF: tuple[TodoSource, ...] = (
    roster_todos.for_desk,
    billing_todos.for_cashier,
    billing_todos.for_registrar,
    sitting_todos.for_staff,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the staff's home."""

    label: Promise
    value: int
    url: str


def figures() -> list[Figure]:
    """Return the numbers of the staff's home."""
    states = enrolment_queries.count_by_state()
    address = reverse("rosters:enrolments")
    rows = [
        (_("Classes enrolling"), len(catalogue.open_classes()), reverse("courses:classes")),
        (_("Reserved, not paid"), states.get(EnrolmentState.ENROLLED, 0), f"{address}?state=enrolled"),
        (_("In training"), states.get(EnrolmentState.CONFIRMED, 0), f"{address}?state=confirmed"),
        (_("Completed"), states.get(EnrolmentState.COMPLETED, 0), f"{address}?state=completed"),
    ]
    return [Figure(label, value, url) for label, value, url in rows]


def trainee_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a trainee of the open institution: first the training itself, then each app above it."""
    return [todo for source in TRAINEE for todo in source(actor, at)]


def staff_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a member of staff of the open institution, by the roles they hold."""
    return [todo for source in STAFF for todo in source(actor, at)]
