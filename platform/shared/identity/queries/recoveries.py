"""Requests of people who cannot come in, as a counter sees them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import DateTimeField
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock, tenancy
from kernel.access import Actor
from kernel.db.statements import Bind, Statement
from kernel.errors import NotFound
from kernel.states import LifeStep, timeline
from kernel.todos import Todo, only_if

from .. import rules
from ..models.accounts import RecoveryRequest
from ..states import RecoveryState
from .accounts import AccountValue, account, find


@dataclass(frozen=True, slots=True)
class RecoveryValue:
    """A request: who says to stand there, and whose account it names."""

    id: uuid.UUID
    number: str
    cause: str
    name: str
    identifier: str
    contact_address: str
    words: str
    made_at: datetime
    state: str
    label: str
    open: bool
    account: AccountValue | None
    history: Sequence[LifeStep]


def _value(row: RecoveryRequest, *, whole: bool) -> RecoveryValue:
    named_account = find(row.identifier.reveal()) if whole else None
    return RecoveryValue(
        id=row.pk,
        number=row.number,
        cause=row.cause,
        name=row.name,
        identifier=str(row.identifier),
        contact_address=str(row.contact_address),
        words=row.words,
        made_at=row.made_at,
        state=row.state,
        label=str(row.get_state_display()),
        open=row.state == RecoveryState.OPEN,
        account=account(named_account.pk) if named_account else None,
        history=timeline(row, {}) if whole else (),
    )


@tenancy.open_public()  # at a counter they are found by their number alone: no institution reads the table
def recoveries(*, number: str = "", everything: bool = False) -> list[RecoveryValue]:
    """Return the request of a number; without one, all open requests where `everything` may be seen, else none."""
    rows = RecoveryRequest.objects.order_by("-made_at")
    if number:
        rows = rows.filter(number=number)
    elif everything:
        rows = rows.filter(state=RecoveryState.OPEN)
    else:
        return []
    return [_value(row, whole=False) for row in rows[:50]]


@tenancy.open_public()  # as above
def recovery(request_id: uuid.UUID) -> RecoveryValue:
    """Return a request with the account that it names; refuses (NotFound) an unknown one."""
    row = RecoveryRequest.objects.filter(pk=request_id).first()
    if row is None:
        raise NotFound
    return _value(row, whole=True)


_OPEN = Statement(
    lambda: RecoveryRequest.objects.filter(state=RecoveryState.OPEN, made_at__lte=Bind("at", DateTimeField()))
)


@only_if(lambda actor, at: [_OPEN.exists(at=at)] if rules.officer(actor) else [])
def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return the one thing that open requests ask of officers and the operator, and since when the first waits."""
    if not rules.officer(actor):
        return []
    rows = RecoveryRequest.objects.filter(state=RecoveryState.OPEN, made_at__lte=at).order_by("made_at")
    waiting = list(rows.values_list("made_at", flat=True)[:500])
    if not waiting:
        return []
    words = ngettext("%(n)d account to recover", "%(n)d accounts to recover", len(waiting)) % {"n": len(waiting)}
    since = _("the first since %(day)s") % {"day": date_format(clock.legal_day(waiting[0]), "DATE_FORMAT")}
    return [
        Todo(words, reverse("identity:recovery-desk", settings.PUBLIC_SCHEMA_URLCONF), _("Look"), since, icon="key")
    ]
