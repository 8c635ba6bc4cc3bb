"""Messages of a room to its consoles, from plain values; and the digest under signed minutes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tenants.attempts.queries.room import SeatView
from tenants.attempts.states import WRITING
from tenants.sittings.queries.events import EventValue
from tenants.sittings.states import DutyRole

from .states import Verb

# Moves of the attempt's chart as a proctor's verbs.
VERB_OF_MOVE = {
    "check_in": Verb.CHECK_IN,
    "undo_check_in": Verb.UNDO,
    "hold": Verb.HOLD,
    "resume": Verb.RESUME,
    "end": Verb.END,
    "annul": Verb.ANNUL,
}


def verbs(seat: SeatView, duty: str) -> list[str]:
    """Return the commands open for a seat, in the order of the verbs; adding time is the chief's alone."""
    names = {VERB_OF_MOVE[move].value for move in seat.moves if move in VERB_OF_MOVE}
    if duty == DutyRole.CHIEF and seat.state in WRITING:
        names.add(Verb.TIME.value)
    return [verb for verb in Verb.values if verb in names]


def seat_message(seat: SeatView, *, duty: str, wants: str) -> dict[str, Any]:
    """Return a seat as the console has it; `wants` says what this seat wants of a person."""
    row = {
        "seat": str(seat.seat or ""),
        "candidacy": str(seat.candidacy_id),
        "name": seat.name,
        "state": seat.state,
        "answered": seat.answered,
        "total": seat.total,
        "last_ping_age": None if seat.last_ping_age is None else round(seat.last_ping_age, 1),
        "deadline": seat.deadline.isoformat() if seat.deadline else None,
        "moves": verbs(seat, duty),
    }
    if seat.ending:
        row["ending"] = seat.ending
    return row | {"wants": wants} if seat.wants_move else row


def event_message(event: EventValue, words: str) -> dict[str, Any]:
    """Return one event as the console has it."""
    row: dict[str, Any] = {"n": event.n, "kind": event.kind, "at": event.at.isoformat(), "words": words}
    return row | {"candidacy": str(event.candidacy_id)} if event.candidacy_id else row


def snapshot(
    number: int, seats: Sequence[Any], incidents: Sequence[Any], *, title: str, state: str, now: datetime
) -> dict[str, Any]:
    """Return everything as it stands at event `number`."""
    return {
        "type": "snapshot",
        "n": number,
        "server_now": now.isoformat(),
        "sitting": {"title": title, "state": state},
        "seats": list(seats),
        "incidents": list(incidents),
    }


def events(rows: Sequence[Mapping[str, Any]], seats: Sequence[Any], incidents: Sequence[Any]) -> dict[str, Any]:
    """Return what happened, with the seats that it touched as they now are."""
    return {
        "type": "events",
        "from": rows[0]["n"],
        "to": rows[-1]["n"],
        "events": list(rows),
        "seats": list(seats),
        "incidents": list(incidents),
    }


def minutes_digest(text: str, facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is signed, in a form that anybody can make again."""
    raw = json.dumps({"text": text, "facts": facts}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
