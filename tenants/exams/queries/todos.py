"""To-dos of tests, for staff and trainees."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from shared.identity.queries import Todo
from shared.rankings import queries as rankings
from tenants.rosters import queries as rosters

from ..models import Candidacy
from ..states import EXPECTED, SITTING, WRITING, SittingState
from .attempts import my_attempts, rating_key
from .sittings import waiting


@rosters.staff_todo_source
def staff_todos(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the sittings that need this person's next move."""
    for sitting, move in waiting(actor, at):
        label = SITTING.by_name[move].label
        when = f"{sitting.number} · {sitting.room.name}"
        urgent = sitting.state in (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
        url = reverse("exams:sitting", args=[sitting.pk])
        yield Todo(label, url, _("Open the sitting"), when, tone="warn" if urgent else "", icon="device-desktop")


@rosters.trainee_todo_source
def trainee_todos(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the test that is on, the result to rate, and the tests to come."""
    if actor.person_id is None:
        return
    for mine in my_attempts(actor.person_id):
        where = f"{mine.room} · {mine.ticket_no}"
        if mine.state in (*EXPECTED, *WRITING):
            url = reverse("exams:attempt", args=[mine.attempt_id])
            yield Todo(_("Your test"), url, _("To the test"), where, tone="warn", icon="device-desktop")
        elif mine.has_score and not rankings.has_rated(rating_key(mine.enrolment_id)):
            url = reverse("exams:rating", args=[mine.attempt_id])
            text = _("A few questions, once; the institution does not learn who answered.")
            yield Todo(_("Rate your training"), url, _("Rate"), text, icon="star")
    ahead = Candidacy.objects.filter(person_id=actor.person_id, sitting__state=SittingState.FILED)
    for row in ahead.select_related("sitting__room").order_by("sitting__starts_at"):
        where = f"{row.sitting.room.name} · {row.sitting.room.place}"
        yield Todo(
            _("Your admission ticket"), reverse("exams:ticket", args=[row.pk]), _("Ticket"), where, icon="calendar"
        )
