"""To-dos of sittings: the next move for staff, the ticket for candidates."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.todos import Todo

from ..models.sittings import Candidacy
from ..states import SITTING, SittingState
from .sittings import waiting


def for_staff(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the sittings that need this person's next move."""
    for sitting, move in waiting(actor, at):
        label = SITTING.by_name[move].label
        when = f"{sitting.number} · {sitting.room.name}"
        urgent = sitting.state in (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
        url = reverse("sittings:sitting", args=[sitting.pk])
        yield Todo(label, url, _("Open the sitting"), when, tone="warn" if urgent else "", icon="device-desktop")


def for_trainee(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the admission tickets of the tests to come."""
    if actor.person_id is None:
        return
    ahead = Candidacy.objects.filter(person_id=actor.person_id, sitting__state=SittingState.FILED)
    for row in ahead.select_related("sitting__room").order_by("sitting__starts_at"):
        where = f"{row.sitting.room.name} · {row.sitting.room.place}"
        url = reverse("sittings:ticket", args=[row.pk])
        yield Todo(_("Your admission ticket"), url, _("Ticket"), where, icon="calendar")
