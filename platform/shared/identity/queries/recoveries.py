"""Requests of people who cannot come in, as a counter sees them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import DateTimeField, QuerySet
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
from ..models.accounts import Account, RecoveryRequest, RoleGrant
from ..states import UNSETTLED, RecoveryState
from . import areas
from .accounts import AccountValue, account, find, in_force
from .people import learns_at

MOST = 500
"""How many open requests are looked at; the longest waiting first."""


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
    needs_check: bool = False
    """The account holds a role, and the first of two persons has not seen the document yet."""
    by_another: bool = False
    """Whoever asks has checked; another settles."""


def _value(row: RecoveryRequest) -> RecoveryValue:
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
        open=row.state in UNSETTLED,
        account=None,
        history=(),
    )


def recoveries(by: Actor, *, number: str = "") -> list[RecoveryValue]:
    """Return the request of a number; without one, all that wait and are for `by`: an officer's area, the whole
    province for the province and the operator, none at an institution's counter.
    """
    rows = RecoveryRequest.objects.order_by("-made_at")
    if number:
        found = _read(rows.filter(number=number))
    elif tenancy.in_public():
        found = list(rows.filter(state__in=UNSETTLED)[:MOST])
    else:
        return []
    return [_value(row) for row in _within(found, by)[:50]]


def _read(rows: QuerySet[RecoveryRequest]) -> list[RecoveryRequest]:
    """Return requests asked for one by one, at a counter too: no institution reads the table."""
    with tenancy.open_public():
        return list(rows)


def _within(rows: Sequence[RecoveryRequest], by: Actor) -> list[RecoveryRequest]:
    """Return those of these requests whose account is of the area of `by`; at an institution's counter, to which they
    are brought by number, those of its own people. What names no account is the province's.
    """
    if not tenancy.in_public():
        return [row for row in rows if _is_for_counter(row, by)]
    codes = areas.covered(by)
    if codes is None or not rows:
        return list(rows)
    blinds = [bytes(row.identifier_blind) for row in rows]
    of_area = areas.belonging(codes, account="pk")
    accounts = Account.objects.filter(of_area, mobile_blind__in=blinds, closed_at=None)
    here = {bytes(blind) for blind in accounts.values_list("mobile_blind", flat=True) if blind is not None}
    emails = {text: row for row in rows if "@" in (text := row.identifier.reveal())}
    if emails:
        of_area = areas.belonging(codes, person="user__person_id", account="user_id")
        found = EmailAddress.objects.filter(of_area, email__in=list(emails), user__closed_at=None)
        here |= {bytes(emails[text].identifier_blind) for text in found.values_list("email", flat=True)}
    return [row for row in rows if bytes(row.identifier_blind) in here]


def _is_for_counter(row: RecoveryRequest, by: Actor) -> bool:
    """Say whether a request names an account of somebody who learns or works at the institution now open."""
    named = find(row.identifier.reveal())
    if named is None:
        return False
    organisation, learns = learns_at(named.person_id)
    grants = list(RoleGrant.objects.filter(account=named, scope=organisation, ended_at=None))
    return rules.may_open(by, grants, learns_here=learns, organisation=organisation)


def recovery(request_id: uuid.UUID, by: Actor, *, at: datetime) -> RecoveryValue:
    """Return a request with the account that it names; refuses (NotFound) an unknown one, one that is not of the area
    of `by`, and at an institution's counter one of other people.
    """
    row = next(iter(_read(RecoveryRequest.objects.filter(pk=request_id))), None)
    if row is None or not _within([row], by):
        raise NotFound
    named_account = find(row.identifier.reveal())
    roles = in_force(RoleGrant.objects.filter(account=named_account), at) if named_account else RoleGrant.objects.none()
    return replace(
        _value(row),
        account=account(named_account.pk) if named_account else None,
        history=timeline(row, {}),
        needs_check=row.state == RecoveryState.OPEN and roles.exists(),
        by_another=row.checked_by is not None and row.checked_by == by.account_id,
    )


_OPEN = Statement(lambda: RecoveryRequest.objects.filter(state__in=UNSETTLED, made_at__lte=Bind("at", DateTimeField())))


@only_if(lambda actor, at: [_OPEN.exists(at=at)] if rules.officer(actor) else [])
def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return the one thing that open requests ask of officers of the area and the operator, and since when the first
    waits.
    """
    if not rules.officer(actor):
        return []
    rows = RecoveryRequest.objects.filter(state__in=UNSETTLED, made_at__lte=at).order_by("made_at")
    waiting = [row.made_at for row in _within(list(rows[:MOST]), actor)]
    if not waiting:
        return []
    words = ngettext("%(n)d account to recover", "%(n)d accounts to recover", len(waiting)) % {"n": len(waiting)}
    since = _("the first since %(day)s") % {"day": date_format(clock.legal_day(waiting[0]), "DATE_FORMAT")}
    return [
        Todo(words, reverse("identity:recovery-desk", settings.PUBLIC_SCHEMA_URLCONF), _("Look"), since, icon="key")
    ]
