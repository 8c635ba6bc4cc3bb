"""The homes of trainees and staff: to-dos asked of every app that knows of something, and figures."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.db.statements import ask
from kernel.todos import Todo, TodoSource, collect
from shared.identity.queries import places
from shared.institutions.queries import todos as institution_todos
from shared.registry.queries import todos as registry_todos
from tenants.attempts.queries import todos as attempt_todos
from tenants.billing.queries import todos as billing_todos
from tenants.courses.queries import catalogue
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.queries import todos as roster_todos
from tenants.rosters.states import EnrolmentState
from tenants.sittings.queries import todos as sitting_todos
from tenants.sittings.queries import watch as watch_todos

from . import rules

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
    watch_todos.for_watch,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the staff's home."""

    label: Promise
    value: int
    url: str


def figures(at: datetime) -> list[Figure]:
    """Return the numbers of the staff's home."""
    states = (EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED, EnrolmentState.COMPLETED)
    counts = map(enrolment_queries.enrolments_in, states)
    classes, reserved, training, completed = ask(catalogue.classes_enrolling(legal_day(at)), *counts)
    address = reverse("rosters:enrolments")
    return [
        Figure(_("Classes enrolling"), classes, reverse("courses:classes")),
        Figure(_("Reserved, not paid"), reserved, f"{address}?state=enrolled"),
        Figure(_("In training"), training, f"{address}?state=confirmed"),
        Figure(_("Completed"), completed, f"{address}?state=completed"),
    ]


def trainee_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a trainee of the open institution: first the training itself, then each app above it."""
    return collect(TRAINEE, actor, at)


def staff_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a member of staff of the open institution, by the roles they hold."""
    return [*_of_the_platform(actor, at), *collect(STAFF, actor, at)]


def _of_the_platform(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a principal at the platform's host: how the institution stands, what it still declares."""
    if not rules.principal(actor):
        return []
    with tenancy.open_public():
        waiting = collect((institution_todos.for_principal, registry_todos.for_principal), actor, at)
    return [replace(todo, url=places.at_platform(todo.url)) for todo in waiting]
