"""To-dos of who watches over tests: the sittings of the day, also where no move of theirs is due."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import DateTimeField, Q, UUIDField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.clock import CHINA, legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if

from ..models.sittings import Duty
from ..states import SITTING, SittingState
from .sittings import waiting

_TODAY = Statement(
    lambda: (
        Duty.objects.filter(
            Q(sitting__starts_at__lt=Bind("day_end", DateTimeField())) | ~Q(sitting__state=SittingState.FILED),
            account_id=Bind("account", UUIDField()),
        )
        .exclude(sitting__state__in=[*SITTING.final(), SittingState.DRAFT, SittingState.MINUTES_SIGNED])
        .select_related("sitting__room")
        .order_by("sitting__starts_at")
    )
)


def _day_end(at: datetime) -> datetime:
    return datetime.combine(legal_day(at) + timedelta(days=1), time(), CHINA)


def _signs(actor: Actor, at: datetime) -> list[Figure]:
    return [_TODAY.exists(account=actor.account_id, day_end=_day_end(at))] if actor.account_id else []


@only_if(_signs)
def for_watch(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the sittings of today over which the actor watches, but those that need their next move anyhow."""
    if actor.account_id is None:
        return
    moving = {sitting.pk for sitting, _move in waiting(actor, at)}
    for duty in _TODAY.fetch(account=actor.account_id, day_end=_day_end(at)):
        sitting = duty.sitting
        if sitting.pk in moving:
            continue
        when = f"{sitting.starts_at.astimezone(CHINA):%H:%M}"
        words = f"{when} · {sitting.room.name} · {sitting.room.place} · {SittingState(sitting.state).label}"
        url = reverse("sittings:sitting", args=[sitting.pk])
        yield Todo(_("You watch over a test today"), url, _("Open the sitting"), words, icon="device-desktop")
