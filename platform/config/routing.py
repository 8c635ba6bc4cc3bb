"""The live side: the answer gateway and the consoles' sockets."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def _optional(name: str, attribute: str, default: Any) -> Any:
    spec = find_spec(name.rpartition(".")[0]) and find_spec(name)
    return getattr(import_module(name), attribute) if spec else default


async def _nothing_here(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


websockets = _optional("tenants.proctoring.routing", "websocket_urlpatterns", [])
gateway = _optional("tenants.attempts.gateway.app", "answer_gateway", _nothing_here)
