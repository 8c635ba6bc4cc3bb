"""Messages out: asked for in the caller's transaction, sent until answered, given to a person where it fails."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, crypto, outside, reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.later import later
from kernel.tenancy import open_public

from .. import adapters, rules
from ..methods import retry_schedule, signatures
from ..models.messages import LEASE, Message
from ..queries import kinds
from ..queries import messages as exchange_message_queries
from ..states import MESSAGE, OPEN, OPERATORS, MessageState

NOT_CONNECTED = "not-connected"


class SettledElsewhere(Refusal):
    """This kind of message is put right where it came from."""

    code = "settled-elsewhere"
    message = _("What was refused is put right where it came from, and reported from there under a new number.")


def send(
    *,
    system: str,
    kind: str,
    key: str,
    title: str,
    subject: uuid.UUID | None = None,
    scope: str = "",
    payload: Mapping[str, Any] | None = None,
    as_of: datetime,
    at: datetime,
) -> uuid.UUID:
    """Ask for a message, in the caller's transaction and from within an institution's schema too; return its row's key.

    The same key again changes nothing. `payload` only where the kind does not compose its body itself; it is kept
    sealed until the answer has come. Refuses (NotFound) a kind that no app has registered.
    """
    if kinds.outbound_kind(system, kind) is None:
        raise NotFound
    with open_public(), transaction.atomic():
        known = Message.objects.filter(system=system, kind=kind, key=key).first()
        if known is not None:
            return known.pk
        row = Message(system=system, kind=kind, key=key, title=title[:160], subject=subject, scope=scope)
        row.sealed = signatures.canonical(payload) if payload is not None else None
        row.as_of, row.made_at, row.state_since = as_of, at, at
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the same at the same time
            return Message.objects.get(system=system, kind=kind, key=key).pk
        audit.note("outgoing.ask", row, by=SYSTEM, at=at, after=audit.values(row, "system", "kind", "key"))
        later("exchange.push", message_id=str(row.pk))
    return row.pk


def push(*, message_id: uuid.UUID, at: datetime, real: datetime) -> str:
    """Take a message one step further, in one transaction: send it, or ask what became of it; return its state.

    Whatever the other side does is no fault of ours: it is written on the row and tried again by the schedule of the
    settings, after which a person is asked. Killed in between, the message is sent again under the same key. Where a
    system answers that was down, all that it failed to take is due at once.
    """
    with transaction.atomic():
        row = _lock_message(message_id)
        if row.state not in OPEN:
            return str(row.state)
        try:
            _step(row, at=at, real=real)
        except adapters.NotConnected:
            _update(row, fault=NOT_CONNECTED, next_at=real + retry_schedule.poll_delay(16))
        except (adapters.Unreachable, adapters.Unsure, Refusal) as fault:
            row.refresh_from_db()
            _record_fault(row, fault, at=at, real=real)
            if not isinstance(fault, Refusal):
                outside.note_fault(row.system, str(fault), real=real)
        except adapters.Rejected as refusal:
            row.refresh_from_db()
            _refuse(row, str(refusal), at=at)
            _note_answer(row.system, real=real)
        else:
            _note_answer(row.system, real=real)
        return str(row.state)


def _note_answer(system: str, *, real: datetime) -> None:
    """Let messages go that wait since the system was down; what another process has in hand goes by itself."""
    was_down, _count = outside.note_answer(system)
    if was_down:
        rows = Message.objects.filter(system=system, state__in=OPEN, faults__gt=0, next_at__gt=real)
        waiting = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Message.objects.filter(pk__in=waiting).update(next_at=real)


def _step(row: Message, *, at: datetime, real: datetime) -> None:
    kind = kinds.outbound_kind(row.system, row.kind)
    if kind is None:
        raise NotFound
    if row.state != MessageState.QUEUED or row.attempts:
        reply = adapters.ask(row.system, kind.path, row.key, at=at)
        if reply.state == "decided":
            with transaction.atomic():  # what the app refuses undoes the app's part alone
                _answer(row, kind, reply.body, at=at, real=real)
            return
        if reply.state == "waiting" and row.state != MessageState.QUEUED:
            with transaction.atomic():
                _acknowledge(row, kind, {}, at=at, real=real)
            return
        if row.state != MessageState.QUEUED:
            MESSAGE.move(row, "lose", by=SYSTEM, at=at, next_at=real)
    body = _body(row, kind, at=at)
    row.attempts += 1
    row.digest = crypto.blind(signatures.canonical(body))
    row.payload = signatures.masked(body, kind.masks)
    row.save(update_fields=["attempts", "digest", "payload"])
    receipt = adapters.deliver(row.system, kind.path, row.key, body | {"as_of": row.as_of.isoformat()}, at=at)
    with transaction.atomic():
        _acknowledge(row, kind, receipt, at=at, real=real)


def _body(row: Message, kind: kinds.OutboundKind, *, at: datetime) -> dict[str, Any]:
    if kind.compose is not None:
        return dict(kind.compose(row.subject, at=at))
    return dict(json.loads(row.sealed.reveal())) if row.sealed is not None else dict(row.payload)


def _acknowledge(
    row: Message, kind: kinds.OutboundKind, receipt: Mapping[str, Any], *, at: datetime, real: datetime
) -> None:
    """Write down that it has arrived; where no answer is to be expected, that is all."""
    number = str(receipt.get("receipt_no") or receipt.get("receipt") or row.receipt)[:100]
    row.polls += 1
    if row.state == MessageState.ACKNOWLEDGED:
        _update(row, fault="", faults=0, next_at=real + retry_schedule.poll_delay(row.polls), receipt=number)
        return
    values: dict[str, Any] = {
        "fault": "",
        "faults": 0,
        "polls": 0,
        "receipt": number,
        "next_at": real + retry_schedule.poll_delay(0),
    }
    MESSAGE.move(row, "acknowledge", by=SYSTEM, at=at, why=number, **values)
    kind.on_acknowledged(subject=row.subject, at=at)
    if kind.on_answered is None:
        _settle(row, receipt, at=at)
        return
    later("exchange.push", message_id=str(row.pk))


def _answer(row: Message, kind: kinds.OutboundKind, body: Mapping[str, Any], *, at: datetime, real: datetime) -> bool:
    """Give an answer to the app that asked; settle the message if it decides."""
    if row.state in (MessageState.QUEUED, MessageState.SENT):
        MESSAGE.move(row, "acknowledge", by=SYSTEM, at=at, fault="", faults=0, next_at=real)
        kind.on_acknowledged(subject=row.subject, at=at)
    decides = kind.on_answered is None or kind.on_answered(subject=row.subject, answer=body, at=at)
    row.refresh_from_db()
    if row.state == MessageState.REFUSED or row.state == MessageState.SETTLED:
        return True
    if decides:
        _settle(row, body, at=at)
        return True
    row.polls += 1
    _update(row, fault="", faults=0, next_at=real + retry_schedule.poll_delay(row.polls))
    return False


def _settle(row: Message, answer: Mapping[str, Any], *, at: datetime) -> None:
    kind = kinds.outbound_kind(row.system, row.kind)
    masked = signatures.masked(answer, kind.masks if kind else {})
    MESSAGE.move(row, "settle", by=SYSTEM, at=at, answer=masked, fault="", faults=0, next_at=None, sealed=None)


def _refuse(row: Message, detail: str, *, at: datetime) -> None:
    if row.state not in OPEN:
        return
    MESSAGE.move(row, "refuse", by=SYSTEM, at=at, why=detail, fault=detail[:300], next_at=None)
    kind = kinds.outbound_kind(row.system, row.kind)
    if kind is not None:
        kind.on_refused(subject=row.subject, reason=detail, at=at)


def _record_fault(row: Message, fault: Exception, *, at: datetime, real: datetime) -> None:
    """Write a fault down and set the next try by the schedule; at its end a person is asked."""
    detail = (str(fault) or type(fault).__name__)[:300]
    row.faults += 1
    pause = retry_schedule.retry_delay(
        row.faults, retry_schedule.parse_schedule(settings.NUOXING_EXCHANGE_RETRY_SCHEDULE)
    )
    row.save(update_fields=["faults"])
    if pause is None:
        MESSAGE.move(row, "give_up", by=SYSTEM, at=at, why=detail, fault=detail, next_at=None)
    elif isinstance(fault, adapters.Unsure) and row.state == MessageState.QUEUED:
        MESSAGE.move(row, "leave_unsure", by=SYSTEM, at=at, why=detail, fault=detail, next_at=real + pause)
    else:
        _update(row, fault=detail, next_at=real + pause)


def _update(row: Message, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "polls"])


# --- News about a message -----------------------------------------------------------------------------------


def take_answer(*, system: str, kind: str, key: str, body: Mapping[str, Any], at: datetime, real: datetime) -> bool:
    """Take an answer that came by itself; return whether it decides; refuses (NotFound) an unknown key."""
    with transaction.atomic():
        known = Message.objects.filter(system=system, kind=kind, key=key).first()
        message_kind = kinds.outbound_kind(system, kind)
        if known is None or message_kind is None:
            raise NotFound
        row = _lock_message(known.pk)
        if row.state == MessageState.SETTLED:
            return True
        if row.state not in OPEN:
            decides = message_kind.on_answered is None or message_kind.on_answered(
                subject=row.subject, answer=body, at=at
            )
            row.refresh_from_db()
            if decides and row.state in (MessageState.REFUSED, MessageState.GIVEN_UP) and not body.get("refused"):
                _settle(row, body, at=at)
            return decides
        return _answer(row, message_kind, body, at=at, real=real)


def note_settled(*, system: str, kind: str, key: str, answer: Mapping[str, Any], at: datetime) -> None:
    """Write down that the app has its answer by another way; harmless where the message is unknown or settled."""
    with transaction.atomic():
        known = Message.objects.filter(system=system, kind=kind, key=key).first()
        if known is None:
            return
        row = _lock_message(known.pk)
        if row.state != MessageState.SETTLED:
            _settle(row, answer, at=at)


def note_refused(*, system: str, kind: str, key: str, reason: str, at: datetime) -> None:
    """Write down that the other side refused what a message tells; harmless where it is closed."""
    with transaction.atomic():
        known = Message.objects.filter(system=system, kind=kind, key=key).first()
        if known is None:
            return
        row = _lock_message(known.pk)
        if row.state in OPEN:
            MESSAGE.move(row, "refuse", by=SYSTEM, at=at, why=reason, fault=reason[:300], next_at=None)


def push_due(*, real: datetime, system: str = "", kind: str = "", everything: bool = False) -> int:
    """Queue the next step of every message that is due (or that is open, for `everything`); return how many."""
    with transaction.atomic():
        rows = exchange_message_queries.messages_due(real=real, system=system, kind=kind, everything=everything)
        for row in rows:
            row.next_at = real + LEASE
            later("exchange.push", message_id=str(row.pk))
        Message.objects.bulk_update(rows, ["next_at"])
    return len(rows)


def later_push(row: Message, *, real: datetime) -> None:
    """Let the next step of an open message happen after this transaction."""
    row.next_at = real + LEASE
    row.save(update_fields=["next_at"])
    later("exchange.push", message_id=str(row.pk))


# --- A person's decisions -----------------------------------------------------------------------------------


def send_again(*, message_id: uuid.UUID, why: str, by: Actor, at: datetime, real: datetime) -> None:
    """Send a message again that was given up or refused, or at once one that waits; under the same key.

    Refuses anybody but an operator with a second factor (Denied), a missing reason (ReasonRequired), a message that is
    answered (WrongState), and a refused one of a kind that is put right elsewhere (SettledElsewhere).
    """
    with transaction.atomic():
        row, why = _lock_for_decision(message_id, why, by)
        kind = kinds.outbound_kind(row.system, row.kind)
        if row.state == MessageState.REFUSED and kind is not None and not kind.resendable:
            raise SettledElsewhere
        if row.state in OPEN:
            row.next_at, row.faults = real + LEASE, 0
            row.save(update_fields=["next_at", "faults"])
            audit.note("outgoing.hurry", row, by=by, at=at, why=why, acting_as=by.acting_as(*OPERATORS))
        else:
            MESSAGE.move(row, "send_again", by=by, at=at, why=why, faults=0, fault="", next_at=real + LEASE)
        later("exchange.push", message_id=str(row.pk))


def give_up(*, message_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Stop sending a message, with a reason; an answer that still comes is taken. Refuses as `send_again` does."""
    with transaction.atomic():
        row, why = _lock_for_decision(message_id, why, by)
        MESSAGE.move(row, "give_up", by=by, at=at, why=why, fault=why[:300], next_at=None)


def _lock_for_decision(message_id: uuid.UUID, why: str, by: Actor) -> tuple[Message, str]:
    access.demand(by, rules.operates)
    reason = reasons.require(why)
    return _lock_message(message_id), reason


def _lock_message(message_id: uuid.UUID) -> Message:
    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise NotFound
    return row
