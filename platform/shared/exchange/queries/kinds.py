"""The kinds of message that upper apps speak and hear; each app registers its own, and this app knows none of them."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from pydantic import BaseModel

Body = Mapping[str, Any]
Words = str | Promise


def _nothing(**_facts: Any) -> None:
    """Do nothing: the app that asked does not want to know."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A kind of message that goes out.

    `compose(subject, at=)` gives the body at the moment of sending, where the app keeps it; None where it was given
    with the message. `acknowledged`, `refused(reason=)` and `answered(answer=)` tell the app, in the transaction in
    which the ledger learns it; `answered` says whether the answer decides (else it is asked for again).
    """

    system: str
    name: str
    path: str
    label: Words
    masks: Mapping[str, str] = field(default_factory=dict)
    compose: Callable[..., Body] | None = None
    acknowledged: Callable[..., None] = _nothing
    answered: Callable[..., bool] | None = None
    refused: Callable[..., None] = _nothing
    again: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message that came in, as the sender is told it."""

    accepted: bool
    code: str
    words: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)


class NotYet(Exception):
    """What the message speaks of is not known yet: to be tried again, for it may have overtaken other news."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that came in, whole, as its handler gets it."""

    id: uuid.UUID
    system: str
    kind: str
    key: str
    as_of: datetime
    body: BaseModel


@dataclass(frozen=True, slots=True)
class Incoming:
    """A kind of message that comes in from one system.

    `shape` is what it must look like; `about(body)` what it speaks of; `scope(body)` the authority whose officers may
    read it; `handle(heard, at=)` does the work and returns its Outcome, or None where it handed the work on and the
    outcome will be told by `operations.conclude`. `replies` names the outgoing kind by which the sender is told, "" for
    a sender who asks.
    """

    system: str
    name: str
    label: Words
    shape: type[BaseModel]
    about: Callable[[Any], str]
    handle: Callable[..., Outcome | None]
    masks: Mapping[str, str] = field(default_factory=dict)
    scope: Callable[[Any], str] = lambda _body: ""
    replies: str = ""


_out: dict[tuple[str, str], Outgoing] = {}
_in: dict[tuple[str, str], Incoming] = {}


def speaks(kind: Outgoing) -> Outgoing:
    """Let an app send a kind of message."""
    _out[kind.system, kind.name] = kind
    return kind


def hears(kind: Incoming) -> Incoming:
    """Let an app take a kind of message."""
    _in[kind.system, kind.name] = kind
    return kind


def outgoing(system: str, name: str) -> Outgoing | None:
    """Return a kind of message that goes out, None where no app sends it yet."""
    return _out.get((system, name))


def incoming(system: str, name: str) -> Incoming | None:
    """Return a kind of message that comes in, None where nobody takes it."""
    return _in.get((system, name))


def kinds_out() -> list[Outgoing]:
    """Return every kind that goes out."""
    return list(_out.values())


def kinds_in() -> list[Incoming]:
    """Return every kind that comes in."""
    return list(_in.values())


def kind_label(system: str, name: str) -> Words:
    """Return a kind in words; its key where no app registered it."""
    known = _out.get((system, name)) or _in.get((system, name))
    return known.label if known else name
