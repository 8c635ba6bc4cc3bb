"""To-dos of a trainee (/my/) and of staff (/staff/): upper apps add theirs, as on the platform's page.

Billing, exams and other upper apps register a source; the pages show all of them, most urgent app first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.clock import legal_day
from shared.identity.queries import Todo, TodoSource
from tenants.courses import queries as courses

from ..models import Enrolment
from ..states import EnrolmentState

_trainee: list[TodoSource] = []
_staff: list[TodoSource] = []


def trainee_todo_source(function: TodoSource) -> TodoSource:
    """Let an app add what waits for a trainee of the open institution; its most urgent first."""
    if function not in _trainee:
        _trainee.append(function)
    return function


def staff_todo_source(function: TodoSource) -> TodoSource:
    """Let an app add what waits for a member of staff of the open institution, by the roles the actor has."""
    if function not in _staff:
        _staff.append(function)
    return function


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the staff's home."""

    label: Promise
    value: int
    url: str


def figures() -> list[Figure]:
    """Return the numbers of the staff's home."""
    states = dict(Enrolment.objects.values_list("state").annotate(n=Count("id")).order_by())
    address = reverse("rosters:enrolments")
    rows = [
        (_("Classes enrolling"), len(courses.open_classes()), reverse("courses:classes")),
        (_("Reserved, not paid"), states.get(EnrolmentState.ENROLLED, 0), f"{address}?state=enrolled"),
        (_("In training"), states.get(EnrolmentState.CONFIRMED, 0), f"{address}?state=confirmed"),
        (_("Completed"), states.get(EnrolmentState.COMPLETED, 0), f"{address}?state=completed"),
    ]
    return [Figure(label, value, url) for label, value, url in rows]


@trainee_todo_source
def own_todos(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what rosters and courses know: a seat to reserve, hours to complete."""
    if actor.person_id is None:
        return
    rows = Enrolment.objects.filter(person_id=actor.person_id).select_related("training_class")
    live = list(rows.filter(state__in=[EnrolmentState.ELIGIBLE, EnrolmentState.CONFIRMED]))
    progress = courses.progress_of([row.pk for row in live])
    for row in live:
        if row.state == EnrolmentState.ELIGIBLE:
            words = _("You are eligible. A seat is yours when you reserve it.")
            url = reverse("rosters:my-enrolment", args=[row.pk])
            yield Todo(row.training_class.name, url, _("Reserve the seat"), words, tone="warn", icon="school")
        elif (hours := progress.get(row.pk)) is not None and not hours.complete:
            have, need = f"{hours.credited_hours:g}", hours.required_hours
            text = str(_("%(have)s of %(need)s class hours are credited.")) % {"have": have, "need": need}
            url = reverse("courses:my-class", args=[row.training_class_id])
            yield Todo(row.training_class.name, url, _("Learn"), text, icon="book")


@staff_todo_source
def desk_todos(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what waits for the registrar's desk: the first programme, classes to price or start, corrections."""
    if not actor.has("registrar", "principal"):
        return
    today = legal_day(at)
    if not courses.programmes().exists():
        words = _("A class belongs to a programme: position, hours, lessons.")
        yield Todo(_("No programme yet"), reverse("courses:programme-new"), _("Open a programme"), words, icon="book")
    for draft in courses.planned_classes():
        words = _("In preparation: publish its price, then open it for enrolment.")
        yield Todo(draft.name, reverse("courses:class", args=[draft.id]), _("Go on"), words, icon="school")
    for training_class in courses.open_classes():
        if training_class.starts_on <= today:
            words = _("Its first day has come; it still takes enrolments.")
            yield Todo(
                training_class.name,
                reverse("courses:class", args=[training_class.id]),
                _("Start the class"),
                words,
                icon="school",
            )
    for row in courses.corrections_open():
        if row.proposed_by != actor.account_id:
            url = reverse("courses:correction", args=[row.pk])
            text = str(_("Proposed by %(name)s: %(why)s")) % {"name": row.proposed_name, "why": row.why}
            title = str(_("Correction of hours: %(name)s")) % {"name": row.participant.name}
            yield Todo(title, url, _("Decide"), text, icon="clock")


def trainee_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a trainee."""
    return [todo for source in _trainee for todo in source(actor, at)]


def staff_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for a member of staff."""
    return [todo for source in _staff for todo in source(actor, at)]
