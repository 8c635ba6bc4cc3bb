"""To-dos: what waits for a person, as a home page lists it; each app returns its own, a portal asks them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from kernel.access import Actor

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
