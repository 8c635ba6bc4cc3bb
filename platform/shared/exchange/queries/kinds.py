"""Kinds of message, out and in: each upper app registers its own, and this app knows none of them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

Body = Mapping[str, Any]
Words = str | Promise


def _ignore(**_facts: Any) -> None:
    """Do nothing: the app that asked does not want to know."""


@dataclass(frozen=True, slots=True)
class OutboundKind:
    """A kind of message that goes out.

    `compose(subject, at=)` gives the body at the moment of sending, where the app keeps it; None where it was given
    with the message. `on_acknowledged`, `on_refused(reason=)` and `on_answered(answer=)` call the app, in the
    transaction in which the exchange learns it; `on_answered` says whether the answer decides (else it is asked
    for again).
    """

    system: str
    name: str
    path: str
    label: Words
    masks: Mapping[str, str] = field(default_factory=dict)
    compose: Callable[..., Body] | None = None
    on_acknowledged: Callable[..., None] = _ignore
    on_answered: Callable[..., bool] | None = None
    on_refused: Callable[..., None] = _ignore
    resendable: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message that came in, as the sender gets it."""

    accepted: bool
    code: str
    words: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)


class RetryLater(Exception):
    """What the message speaks of is not known yet: to be tried again, for it may have overtaken other news."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message that came in, whole, as its handler gets it."""

    id: uuid.UUID
    system: str
    kind: str
    key: str
    as_of: datetime
    body: BaseModel


@dataclass(frozen=True, slots=True)
class InboundKind:
    """A kind of message that comes in from one system.

    `schema` is what it must look like; `subject_of(body)` what it is about; `scope(body)` the authority whose
    officers may read it; `handle(message, at=)` does the work and returns its Outcome, or None where it
    handed the work on and the outcome comes by `operations.conclude`. `reply_kind` names the outbound kind by which the
    sender is answered, "" for a sender who asks.
    """

    system: str
    name: str
    label: Words
    schema: type[BaseModel]
    subject_of: Callable[[Any], str]
    handle: Callable[..., Outcome | None]
    masks: Mapping[str, str] = field(default_factory=dict)
    scope: Callable[[Any], str] = lambda _body: ""
    reply_kind: str = ""


_outbound: dict[tuple[str, str], OutboundKind] = {}
_inbound: dict[tuple[str, str], InboundKind] = {}


def register_outbound(kind: OutboundKind) -> OutboundKind:
    """Register a kind of message that an app sends."""
    _outbound[kind.system, kind.name] = kind
    return kind


def register_inbound(kind: InboundKind) -> InboundKind:
    """Register a kind of message that an app handles."""
    _inbound[kind.system, kind.name] = kind
    return kind


def outbound_kind(system: str, name: str) -> OutboundKind | None:
    """Return a kind of message that goes out, None where no app sends it yet."""
    return _outbound.get((system, name))


def inbound_kind(system: str, name: str) -> InboundKind | None:
    """Return a kind of message that comes in, None where nobody takes it."""
    return _inbound.get((system, name))


def outbound_kinds() -> list[OutboundKind]:
    """Return every kind that goes out."""
    return list(_outbound.values())


def inbound_kinds() -> list[InboundKind]:
    """Return every kind that comes in."""
    return list(_inbound.values())


def kind_label(system: str, name: str) -> Words:
    """Return a kind in words; its key where no app registered it."""
    known = _outbound.get((system, name)) or _inbound.get((system, name))
    return known.label if known else name
