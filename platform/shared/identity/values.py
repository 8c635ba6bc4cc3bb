"""Messages that identity has to send before anybody has an inbox, and the hook by which an upper app sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.hooks import Hook
from kernel.later import Priority


@dataclass(frozen=True, slots=True)
class AddressedMessage:
    """A code, an invitation or a warning to a mobile number or e-mail address, which need not be an account's."""

    to: str
    template: str
    context: Mapping[str, Any]
    channels: tuple[str, ...]
    language: str
    priority: Priority = Priority.NORMAL


messages: Hook[Callable[[AddressedMessage], None]] = Hook(
    "identity.messages",
    "Is given an AddressedMessage inside the transaction that causes it; sends it after commit, and keeps its content"
    " sealed on the way.",
)
