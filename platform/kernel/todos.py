"""To-dos: what waits for a person, as a home page lists it; each app returns its own, a portal asks them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from kernel.access import Actor
from kernel.db.statements import Figure, ask

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for this person (components/todo_list.html)."""

    title: Words
    url: str
    button: Words
    detail: Words = ""
    due: Words = ""
    tone: str = ""
    icon: str = ""
    method: str = ""


TodoSource = Callable[[Actor, datetime], Iterable[Todo]]
"""A query that returns what one app knows of; its most urgent first."""

Signs = Callable[[Actor, datetime], Iterable[Figure]]
"""What to ask before a source: where none of these is there, or there are none, it has nothing to return."""


def only_if(signs: Signs) -> Callable[[TodoSource], TodoSource]:
    """Let `collect` call a source only where one of its signs is there: for most people most have nothing."""

    def mark(source: TodoSource) -> TodoSource:
        source.signs = signs  # type: ignore[attr-defined]  # read by collect
        return source

    return mark


def collect(sources: Sequence[TodoSource], actor: Actor, at: datetime) -> list[Todo]:
    """Return what all these sources return, in their order; the signs of all are asked in one query."""
    signs = [(source, sign) for source in sources if hasattr(source, "signs") for sign in source.signs(actor, at)]
    answers = ask(*(sign for _source, sign in signs))
    called = {source for (source, _sign), answer in zip(signs, answers, strict=True) if answer}
    wanted = [source for source in sources if source in called or not hasattr(source, "signs")]
    return [todo for source in wanted for todo in source(actor, at)]
