"""To-dos of enrolments and classes, for trainees and the registrar's desk."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, UUIDField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.access import Actor
from kernel.clock import legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if
from tenants.courses.queries import catalogue, learning
from tenants.courses.queries import hours as hour_queries
from tenants.courses.states import ClassState

from .. import rules
from ..models import Enrolment
from ..states import EnrolmentState
from . import enrolments as enrolment_queries

_LIVE: Statement[Any] = Statement(
    lambda: Enrolment.objects.filter(
        person_id=Bind("person", UUIDField()), state__in=[EnrolmentState.ELIGIBLE, EnrolmentState.CONFIRMED]
    ).annotate(
        class_name=F("training_class__name"),
        class_state=F("training_class__state"),
        starts_on=F("training_class__starts_on"),
        ends_on=F("training_class__ends_on"),
    )
)


@only_if(lambda actor, at: [_LIVE.exists(person=actor.person_id)] if actor.person_id else [])
def for_trainee(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what rosters and courses know: a seat to reserve, hours to complete."""
    if actor.person_id is None:
        return
    live = _LIVE.fetch(person=actor.person_id)
    progress = hour_queries.progress_of([row.pk for row in live])
    for row in live:
        if row.state == EnrolmentState.ELIGIBLE:
            url = reverse("rosters:my-enrolment", args=[row.pk])
            words, button = _("You are eligible. A seat is yours when you reserve it."), _("Reserve the seat")
            if row.class_state != ClassState.OPEN or row.ends_on < legal_day(at):
                words, button = _("This class takes nobody any more. Withdraw, and choose another."), _("See it")
            yield Todo(row.class_name, url, button, words, tone="warn", icon="school")
        elif (hours := progress.get(row.pk)) is not None and not hours.complete:
            have, need = f"{hours.credited_hours:g}", hours.required_hours
            text = str(_("%(have)s of %(need)s class hours are credited.")) % {"have": have, "need": need}
            url = reverse("courses:my-class", args=[row.training_class_id])
            button = _("Learn")
            if legal_day(at) < row.starts_on:
                text, button = str(_("The class begins on %(day)s.")) % {"day": row.starts_on}, _("See the class")
            yield Todo(row.class_name, url, button, text, icon="book")


def _signs_for_desk(actor: Actor, at: datetime) -> list[Figure]:
    if not rules.desk(actor):
        return []
    papers = enrolment_queries.any_papers_waiting()
    return [*catalogue.signs_of_work(legal_day(at)), learning.any_correction_open(), papers]


@only_if(_signs_for_desk)
def for_desk(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what waits for the registrar's desk: a first programme, papers, classes to price or start, corrections."""
    if not rules.desk(actor):
        return
    today = legal_day(at)
    if not catalogue.has_programme():
        words = _("A class belongs to a programme: position, hours, lessons.")
        yield Todo(_("No programme yet"), reverse("courses:programme-new"), _("Open a programme"), words, icon="book")
    if papers := enrolment_queries.papers_waiting().count():
        title = str(ngettext("Papers of %(n)d person to look at", "Papers of %(n)d people to look at", papers))
        words = _("Nobody pays a fee or is tested before a person of the institution has looked at them.")
        url = f"{reverse('rosters:enrolments')}?papers=due"
        yield Todo(title % {"n": papers}, url, _("Look"), words, tone="warn", icon="file-text")
    for draft in catalogue.planned_classes():
        words = _("In preparation: publish its price, then open it for enrolment.")
        yield Todo(draft.name, reverse("courses:class", args=[draft.id]), _("Go on"), words, icon="school")
    for training_class in catalogue.open_classes():
        if training_class.starts_on <= today:
            words = _("Its first day has come; it still takes enrolments.")
            if training_class.ends_on < today:
                words = _("Its last day is over: it takes no enrolments and no fees any more. Start it, then close it.")
            yield Todo(
                training_class.name,
                reverse("courses:class", args=[training_class.id]),
                _("Start the class"),
                words,
                icon="school",
            )
    for row in learning.corrections_open():
        if row.proposed_by != actor.account_id:
            url = reverse("courses:correction", args=[row.id])
            text = str(_("Proposed by %(name)s: %(why)s")) % {"name": row.proposed_name, "why": row.why}
            title = str(_("Correction of hours: %(name)s")) % {"name": row.name}
            yield Todo(title, url, _("Decide"), text, icon="clock")
