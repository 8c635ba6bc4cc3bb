"""Messages, arrivals and differences as operators and authorities read them, and how each system stands."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Min, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import states
from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.tenancy import open_public
from shared.institutions.queries import organisations

from .. import adapters, rules
from ..models.messages import Arrival, Discrepancy, Message, Reconciliation
from ..states import INBOUND_OPEN, OPEN, DiscrepancyState, InboundState, MessageState, System
from .kinds import InboundMessage, inbound_kind, outbound_kind
from .systems import named_systems

Words = str | Promise
ANSWER_OVERDUE_AFTER = timedelta(days=3)  # after which an answer that has not come is a person's matter

VERB_LABELS: dict[str, Words] = {
    "outgoing.ask": _("Asked for, in one transaction with what it tells"),
    "outgoing.hurry": _("To be sent now"),
    "arrival.receive": _("Received and kept"),
    "discrepancy.detect": _("Found when both lists were compared"),
}


@dataclass(frozen=True, slots=True)
class ArrivalValue:
    """A message that came in, as its sender may see it."""

    id: uuid.UUID
    system: str
    kind: str
    key: str
    state: str
    received_at: datetime
    answer: Mapping[str, Any]

    @property
    def decided(self) -> bool:
        """Say whether anything became of it yet."""
        return self.state not in INBOUND_OPEN


def arrival_value(row: Arrival) -> ArrivalValue:
    """Return a row's value."""
    return ArrivalValue(row.pk, row.system, row.kind, row.key, row.state, row.received_at, row.answer)


def arrival_from(system: str, kind: str, key: str) -> ArrivalValue:
    """Return what a system sent under its own key; refuses (NotFound) what never came."""
    row = Arrival.objects.filter(system=system, kind=kind, key=key).first()
    if row is None:
        raise NotFound
    return arrival_value(row)


def newer_known(row: Arrival) -> bool:
    """Say whether newer news about the same thing was taken over or handed on already."""
    same_subject = Arrival.objects.filter(system=row.system, kind=row.kind, subject=row.subject).exclude(pk=row.pk)
    newer = Q(as_of__gt=row.as_of) | Q(as_of=row.as_of, key__gt=row.key)
    return same_subject.filter(newer, state__in=[InboundState.HANDED, InboundState.SETTLED]).exists()


def inbound_message(arrival_id: uuid.UUID) -> InboundMessage:
    """Return a message that was handed on, whole, for the one who works on it.

    Refuses (NotFound) an unknown one, and one that is decided. Works from within an institution's schema.
    """
    with open_public():
        row = Arrival.objects.filter(pk=arrival_id).first()
    kind = inbound_kind(row.system, row.kind) if row is not None else None
    if row is None or kind is None or row.sealed is None:
        raise NotFound
    body = kind.schema.model_validate_json(row.sealed.reveal())
    return InboundMessage(row.pk, row.system, row.kind, row.key, row.as_of, body)


# --- Periodic task ------------------------------------------------------------------------------------------


def messages_due(
    *, real: datetime, system: str = "", kind: str = "", everything: bool = False, limit: int = 200
) -> list[Message]:
    """Return the open messages whose next step is due (all open ones for `everything`), longest first, locked."""
    rows = Message.objects.filter(state__in=OPEN)
    rows = rows.filter(system=system) if system else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows if everything else rows.filter(next_at__lte=real)
    return list(rows.order_by("next_at", "pk").select_for_update(skip_locked=True)[:limit])


def arrivals_due(*, real: datetime, everything: bool = False, limit: int = 200) -> list[Arrival]:
    """Return what came in and waits for other news, longest first, locked."""
    rows = Arrival.objects.filter(state=InboundState.RECEIVED, next_at__isnull=False)
    rows = rows if everything else rows.filter(next_at__lte=real)
    return list(rows.order_by("next_at", "pk").select_for_update(skip_locked=True)[:limit])


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """Where one message stands, for the app that asked for it."""

    state: str
    fault: str
    attempts: int
    receipt: str


def message_status(system: str, kind: str, key: str) -> MessageStatus | None:
    """Return where a message stands, None where it was never asked for."""
    row = Message.objects.filter(system=system, kind=kind, key=key).first()
    return MessageStatus(row.state, row.fault, row.attempts, row.receipt) if row is not None else None


def message_id(system: str, kind: str, key: str) -> uuid.UUID:
    """Return the row of a message; refuses (NotFound) one that was never asked for."""
    row = Message.objects.filter(system=system, kind=kind, key=key).only("pk").first()
    if row is None:
        raise NotFound
    return row.pk


def open_faults(system: str, kind: str) -> list[tuple[str, str]]:
    """Return (key, fault) of the open messages of a kind that have one, oldest first."""
    rows = Message.objects.filter(system=system, kind=kind, state__in=[*OPEN, MessageState.GIVEN_UP]).exclude(fault="")
    return list(rows.order_by("pk").values_list("key", "fault"))


# --- Pages ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """One system with its counts, as the operator's first page shows it."""

    system: System
    connected: bool
    stand_in: bool
    open: int
    fault_count: int
    given_up: int
    refused: int
    settled: int
    oldest: datetime | None
    arrivals: int
    open_arrivals: int
    discrepancies: int
    last_reconciliation: datetime | None


def health() -> list[SystemHealth]:
    """Return every named system with its counts, foreign ones first asked most; four questions in all."""
    counts: dict[str, dict[str, Any]] = {
        row["system"]: dict(row)
        for row in Message.objects.order_by()
        .values("system")
        .annotate(
            open=Count("pk", filter=Q(state__in=OPEN)),
            fault_count=Count("pk", filter=Q(state__in=OPEN) & ~Q(fault="")),
            given_up=Count("pk", filter=Q(state=MessageState.GIVEN_UP)),
            refused=Count("pk", filter=Q(state=MessageState.REFUSED)),
            settled=Count("pk", filter=Q(state=MessageState.SETTLED)),
            oldest=Min("real_at", filter=Q(state__in=OPEN)),
        )
    }
    arrivals: dict[str, dict[str, Any]] = {
        row["system"]: dict(row)
        for row in Arrival.objects.order_by()
        .values("system")
        .annotate(arrivals=Count("pk"), open_arrivals=Count("pk", filter=Q(state__in=INBOUND_OPEN)))
    }
    discrepancies = dict(
        Discrepancy.objects.filter(state=DiscrepancyState.OPEN).order_by().values_list("system").annotate(Count("pk"))
    )
    reconciliations = {
        r.system: r.ran_at for r in Reconciliation.objects.order_by("ran_at").only("system", "ran_at")[:1000]
    }
    names = ("open", "fault_count", "given_up", "refused", "settled")
    return [
        SystemHealth(
            system=s,
            connected=s.ours or adapters.connected(s.key),
            stand_in=adapters.stands_in(s.key),
            **{n: counts.get(s.key, {}).get(n, 0) for n in names},
            oldest=counts.get(s.key, {}).get("oldest"),
            arrivals=arrivals.get(s.key, {}).get("arrivals", 0),
            open_arrivals=arrivals.get(s.key, {}).get("open_arrivals", 0),
            discrepancies=discrepancies.get(s.key, 0),
            last_reconciliation=reconciliations.get(s.key),
        )
        for s in named_systems()
    ]


def messages(by: Actor) -> QuerySet[Message]:
    """Return the messages that this actor may see: operator and province all, a city those of its own jurisdiction."""
    rows = Message.objects.order_by("-id")
    return rows if rules.operates(by) else rows.filter(scope__in=organisations.jurisdiction(by))


def arrivals(by: Actor) -> QuerySet[Arrival]:
    """Return the messages in that this actor may see, as `messages` does."""
    rows = Arrival.objects.order_by("-id")
    return rows if rules.operates(by) else rows.filter(scope__in=organisations.jurisdiction(by))


def message(by: Actor, key: uuid.UUID) -> Message:
    """Return a message that this actor may see; refuses (NotFound) others."""
    row = messages(by).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def arrival(by: Actor, key: uuid.UUID) -> Arrival:
    """Return a message in that this actor may see; refuses (NotFound) others."""
    row = arrivals(by).filter(pk=key).first()
    if row is None:
        raise NotFound
    return row


def discrepancies() -> QuerySet[Discrepancy]:
    """Return all differences, open ones first, newest first."""
    return Discrepancy.objects.order_by("state", "-id")


def repeatable(row: Message) -> bool:
    """Say whether a message can be sent anew: its body is composed anew, still kept, or holds nothing personal."""
    if row.state not in (MessageState.ACKNOWLEDGED, MessageState.SETTLED):
        return False
    kind = outbound_kind(row.system, row.kind)
    return kind is not None and (kind.compose is not None or row.sealed is not None or not kind.masks)


def life(row: Message | Arrival | Discrepancy) -> list[states.LifeStep]:
    """Return the life line of a row of the ledger; what the platform did by itself names nobody."""
    return states.timeline(row, VERB_LABELS)


_OVERDUE = Statement(
    lambda: Message.objects.filter(
        Q(state__in=OPEN, real_at__lt=Bind("since", DateTimeField())) | Q(state=MessageState.GIVEN_UP)
    )
)


def signs_of_overdue(real: datetime) -> Figure:
    """Return what to ask before `overdue`: whether there is any."""
    return _OVERDUE.exists(since=real - ANSWER_OVERDUE_AFTER)


def overdue(*, real: datetime) -> QuerySet[Message]:
    """Return what a person must look at: given up, or without an answer for days."""
    slow = Q(state__in=OPEN, real_at__lt=real - ANSWER_OVERDUE_AFTER)
    return Message.objects.filter(slow | Q(state=MessageState.GIVEN_UP)).order_by("pk")
