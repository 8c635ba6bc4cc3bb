"""To-dos of sittings: the next move for staff, the ticket for candidates."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import UUIDField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.db.statements import Bind, Statement
from kernel.todos import Todo, only_if

from ..models.sittings import Candidacy
from ..states import SITTING, SittingState
from .sittings import any_waiting, waiting


@only_if(any_waiting)
def for_staff(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the sittings that need this person's next move."""
    for sitting, move in waiting(actor, at):
        label = SITTING.by_name[move].label
        when = f"{sitting.number} · {sitting.room.name}"
        urgent = sitting.state in (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
        url = reverse("sittings:sitting", args=[sitting.pk])
        yield Todo(label, url, _("Open the sitting"), when, tone="warn" if urgent else "", icon="device-desktop")


_AHEAD = Statement(
    lambda: (
        Candidacy.objects.filter(person_id=Bind("person", UUIDField()), sitting__state=SittingState.FILED, left_at=None)
        .select_related("sitting__room")
        .order_by("sitting__starts_at")
    )
)


@only_if(lambda actor, at: [_AHEAD.exists(person=actor.person_id)] if actor.person_id else [])
def for_trainee(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the admission tickets of the tests to come."""
    if actor.person_id is None:
        return
    for row in _AHEAD.fetch(person=actor.person_id):
        where = f"{row.sitting.room.name} · {row.sitting.room.place}"
        url = reverse("sittings:ticket", args=[row.pk])
        yield Todo(_("Your admission ticket"), url, _("Ticket"), where, icon="calendar")
