"""Hooks: the few places where a lower app asks whoever stands above it.

An import never points up. Where a lower app must still hear from an upper one, it declares a `Hook`; the upper one
connects a function in its `hooks.py`, which `KernelConfig.ready` finds, or in a module that this imports.
`docs/hooks.md` lists them all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

hooks: dict[str, "Hook[Any]"] = {}


@dataclass(eq=False)
class Hook(Generic[F]):
    """A named question of a lower app; `promise` says what a connected function is given and what it returns.

    Functions answer in the order in which they were connected. A hook may be keyed (`connect(key)`): then a function is
    asked for that key alone, and `get(key)` returns the only one. Refuses (RuntimeError) two hooks of one name, and two
    functions under one key of a hook that is `single`.
    """

    name: str
    promise: str
    single: bool = False
    connected: list[tuple[Any, F]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Register the hook by its name."""
        known = hooks.get(self.name)
        if known is not None:
            raise RuntimeError(f"two hooks are called {self.name}")
        hooks[self.name] = self

    def connect(self, key: Any = None) -> Callable[[F], F]:
        """Let a function answer, under `key` where the hook is keyed; connecting it again changes nothing."""

        def register(function: F) -> F:
            place = (function.__module__, function.__qualname__)
            for known_key, known in self.connected:
                if known_key == key and (known.__module__, known.__qualname__) == place:
                    return function
                if known_key == key and self.single:
                    raise RuntimeError(f"{self.name} has a function for {key!r} already")
            self.connected.append((key, function))
            return function

        return register

    def functions(self, key: Any = None) -> Iterator[F]:
        """Yield the functions connected under `key`, in their order."""
        return (function for known, function in self.connected if known == key)

    def get(self, key: Any = None) -> F | None:
        """Return the first function under `key`, None where nobody answers."""
        return next(self.functions(key), None)
