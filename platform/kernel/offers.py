"""Offers: acts of an upper app that a lower app's page shows.

A page of a class, an enrolment or a sitting belongs to the lowest app that knows the thing; prices, orders and the room
belong to apps above it. Those connect a function to `offers` under the page's name, in their `hooks.py`.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from .hooks import Hook

Words = str | Promise
DESK_ROLE = "desk"


class Place(StrEnum):
    """Where on the page an act stands."""

    HEAD = "head"
    BODY = "body"
    SIDE = "side"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Act:
    """A button or link (components/act.html).

    `method` "get" makes a link; `tone` names a kind of button ("" is the plain one). With `reason` the act unfolds
    and asks for one, sent as "why"; its `opener` is the text that unfolds it.
    """

    title: Words
    url: str
    method: str = "post"
    tone: str = ""
    place: Place = Place.HEAD
    icon: str = ""
    confirm: Words = ""
    detail: Words = ""
    reason: bool = False
    opener: Words = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a page shows, as an upper app needs it: its key, its state, and the moves open to whoever looks.

    `roles` says what the person is to this thing: DESK_ROLE for the institution's desk, a sitting's duty.
    """

    id: uuid.UUID
    state: str
    moves: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


offers: Hook[Callable[[Subject], Iterable[Act]]] = Hook(
    "offers",
    "Keyed by a page's name. Is given the Subject of the page, returns the acts of the connected app that this person"
    " can do with it now; it asks the database for nothing that the subject says.",
)


def offered(page: str, subject: Subject) -> dict[str, list[Act]]:
    """Return what upper apps offer on a page, by the place where it stands."""
    acts: dict[str, list[Act]] = {place.value: [] for place in Place}
    for function in offers.functions(page):
        for act in function(subject):
            acts[act.place.value].append(act)
    return acts
