"""Messages in: stored first, then processed once, in whatever order they came; the sender gets an answer."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from kernel import audit, crypto
from kernel.access import ANONYMOUS, SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.later import later
from kernel.tenancy import open_public

from ..methods import retry_schedule, signatures
from ..models.messages import Arrival
from ..queries import kinds
from ..queries import messages as exchange_message_queries
from ..queries.kinds import InboundMessage, Outcome, RetryLater
from ..states import ARRIVAL, INBOUND_OPEN, SYSTEMS, InboundState
from .messages import send

LANGUAGES = ("zh-hans", "en")


class Malformed(Invalid):
    """A message that does not look as its kind must."""

    code = "malformed"
    message = _("The message is not as its format asks: %(faults)s")


class KeyReused(Refusal):
    """The sender's key is known with another content."""

    code = "key-reused"
    message = _("A message with this id came before, with another content. A correction needs an id of its own.")


def receive(
    *,
    system: str,
    kind: str,
    key: str,
    as_of: datetime,
    body: Mapping[str, Any],
    by: Actor = ANONYMOUS,
    at: datetime,
) -> exchange_message_queries.ArrivalValue:
    """Store a message that came in and queue its processing; the same message again changes nothing.

    The caller has proved who sends. Refuses (NotFound) a kind that nobody takes from this system, (Malformed) a body
    that is not as its format asks, (KeyReused) a known key with another content.
    """
    message_kind = kinds.inbound_kind(system, kind)
    if message_kind is None:
        raise NotFound
    if not key.strip() or len(key) > 100:
        raise Malformed(faults="id")
    try:
        message = message_kind.schema.model_validate(body)
    except ValidationError as fault:
        raise Malformed(faults=_faults(fault)) from None
    text = signatures.canonical(body)
    digest = crypto.blind(signatures.canonical({"as_of": as_of, "body": body}))
    with open_public(), transaction.atomic():
        row = Arrival(
            system=system,
            kind=kind,
            key=key,
            subject=message_kind.subject_of(message)[:200],
            scope=message_kind.scope(message)[:12],
        )
        row.title = f"{SYSTEMS[system].name_zh} · {key}"[:160]
        row.payload, row.sealed, row.digest = signatures.masked(body, message_kind.masks), text, digest
        row.as_of = as_of
        row.received_at = row.state_since = at
        known = Arrival.objects.filter(system=system, kind=kind, key=key).first() or _save_or_get(row)
        if known is not None:
            if bytes(known.digest) != digest:
                raise KeyReused
            return exchange_message_queries.arrival_value(known)
        audit.note("arrival.receive", row, by=by, at=at, after=audit.values(row, "system", "kind", "key", "as_of"))
        later("exchange.process_arrival", arrival_id=str(row.pk))
    return exchange_message_queries.arrival_value(row)


def _save_or_get(row: Arrival) -> Arrival | None:
    """Save a new arrival; return the one that came with the same key at the same moment, if there is one."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Arrival.objects.get(system=row.system, kind=row.kind, key=row.key)
    return None


def _faults(fault: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors()[:5])


def process_arrival(*, arrival_id: uuid.UUID, at: datetime, real: datetime) -> str:
    """Process a message, once: newer news about the same thing wins, in whatever order they came; return its state.

    What speaks of something not known yet is tried again by the schedule of the settings, then refused with a reason.
    """
    with transaction.atomic():
        row = _lock_arrival(arrival_id)
        if row.state != InboundState.RECEIVED:
            return str(row.state)
        _lock_subject(row)
        if exchange_message_queries.newer_known(row):
            _mark_outdated(row, at=at)
            return str(row.state)
        kind = kinds.inbound_kind(row.system, row.kind)
        if kind is None or row.sealed is None:
            raise NotFound
        body = kind.schema.model_validate(json.loads(row.sealed.reveal()))
        message = InboundMessage(row.pk, row.system, row.kind, row.key, row.as_of, body)
        try:
            with transaction.atomic():
                outcome = kind.handle(message, at=at)
        except RetryLater as retry:
            _retry_later(row, str(retry), at=at, real=real)
            return str(row.state)
        except Refusal as refusal:
            outcome = refusal_outcome(refusal)
        row.refresh_from_db()
        if outcome is not None:
            _conclude(row, outcome, at=at)
        elif row.state == InboundState.RECEIVED:
            ARRIVAL.move(row, "hand_on", by=SYSTEM, at=at, next_at=None)
        return str(row.state)


def conclude(*, arrival_id: uuid.UUID, outcome: Outcome, at: datetime) -> None:
    """Write down what became of a message that was handed on, and answer the sender; concluded already is concluded.

    Works from within an institution's schema, in the transaction of what was done there.
    """
    with open_public(), transaction.atomic():
        row = _lock_arrival(arrival_id)
        if row.state in INBOUND_OPEN:
            _conclude(row, outcome, at=at)


def _conclude(row: Arrival, outcome: Outcome, *, at: datetime) -> None:
    answer = {"accepted": outcome.accepted, "code": outcome.code, "words": dict(outcome.words), **outcome.facts}
    move = "settle" if outcome.accepted else "refuse"
    why = str(outcome.words.get("zh-hans", ""))
    ARRIVAL.move(row, move, by=SYSTEM, at=at, why=why, answer=answer, sealed=None, next_at=None)
    _send_reply(row, answer, at=at)


def _send_reply(row: Arrival, answer: Mapping[str, Any], *, at: datetime) -> None:
    kind = kinds.inbound_kind(row.system, row.kind)
    if kind is None or not kind.reply_kind or kinds.outbound_kind(row.system, kind.reply_kind) is None:
        return
    payload = {"id": row.key, **answer}
    send(
        system=row.system,
        kind=kind.reply_kind,
        key=f"{row.kind}:{row.key}"[:100],
        title=row.title,
        scope=row.scope,
        payload=payload,
        as_of=at,
        at=at,
    )


def _mark_outdated(row: Arrival, *, at: datetime) -> None:
    texts = in_all_languages(_("Newer news about the same thing is known here; this message changes nothing."))
    answer = {"accepted": False, "code": "outdated", "words": texts}
    ARRIVAL.move(row, "outdate", by=SYSTEM, at=at, answer=answer, sealed=None, next_at=None)


def _retry_later(row: Arrival, detail: str, *, at: datetime, real: datetime) -> None:
    row.attempts += 1
    pause = retry_schedule.retry_delay(
        row.attempts, retry_schedule.parse_schedule(settings.NUOXING_EXCHANGE_RETRY_SCHEDULE)
    )
    row.save(update_fields=["attempts"])
    if pause is None:
        texts = in_all_languages(_("What the message speaks of is not known here."))
        _conclude(row, Outcome(False, "unknown", texts, {"detail": detail}), at=at)
        return
    row.next_at = real + pause
    row.save(update_fields=["next_at"])


def process_due(*, real: datetime, everything: bool = False) -> int:
    """Queue the processing of what waits for other news; return how many."""
    with transaction.atomic():
        rows = exchange_message_queries.arrivals_due(real=real, everything=everything)
        for row in rows:
            row.next_at = real + retry_schedule.poll_delay(6)
            later("exchange.process_arrival", arrival_id=str(row.pk))
        Arrival.objects.bulk_update(rows, ["next_at"])
    return len(rows)


def in_all_languages(text: str | Promise) -> dict[str, str]:
    """Return a text in every language of the platform, as answers carry them."""
    texts = {}
    for language in LANGUAGES:
        with translation.override(language):
            texts[language] = str(text)
    return texts


def refusal_outcome(refusal: Refusal) -> Outcome:
    """Return a refusal as the sender gets it: its code, and its words in every language."""
    texts = {}
    for language in LANGUAGES:
        with translation.override(language):
            texts[language] = str(refusal)
    return Outcome(False, refusal.code, texts)


def _lock_subject(row: Arrival) -> None:
    """Let nobody else process a message about the same thing until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"arrival:{row.system}:{row.kind}:{row.subject}"]
        )


def _lock_arrival(arrival_id: uuid.UUID) -> Arrival:
    row = Arrival.objects.select_for_update().filter(pk=arrival_id).first()
    if row is None:
        raise NotFound
    return row
