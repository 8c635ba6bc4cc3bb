"""What an institution says at the platform's host of what waits there for somebody who learns."""

from collections.abc import Callable
from datetime import datetime

from kernel.access import Actor
from kernel.hooks import Hook
from kernel.todos import Todo

todos_there: Hook[Callable[[Actor, datetime], list[Todo]]] = Hook(
    "portal.todos_there",
    "Given an actor and a time with an institution open: returns what waits there for who learns in it, "
    "with addresses at its host.",
    single=True,
)
