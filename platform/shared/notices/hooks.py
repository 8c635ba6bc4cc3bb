"""Messages of lower apps, which notices sends."""

import json

from kernel import crypto
from kernel.later import later
from shared.identity.values import AddressedMessage, messages


@messages.connect()
def send_later(message: AddressedMessage) -> None:
    """Send a message of identity after commit; its content travels encrypted through the outbox."""
    arguments = {
        "to": message.to,
        "template": message.template,
        "context": dict(message.context),
        "channels": list(message.channels),
        "language": message.language,
        "priority": message.priority,
    }
    later("notices.send", priority=message.priority, sealed=crypto.encrypt(json.dumps(arguments)).hex())
