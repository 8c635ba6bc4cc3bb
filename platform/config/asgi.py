"""One ASGI application: live POSTs to the gateway, WebSockets to Channels, all else to Django."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from channels.routing import URLRouter  # noqa: E402  # Django is set up first
from channels.sessions import SessionMiddlewareStack  # noqa: E402  # as above

from config.routing import gateway, websockets  # noqa: E402  # as above
from kernel.web.handlers import PageHandler  # noqa: E402  # as above
from kernel.web.sizes import within_limits  # noqa: E402  # as above

application_of_pages: Any = PageHandler()
pages = within_limits(application_of_pages)
sockets = SessionMiddlewareStack(URLRouter(websockets))  # whose session it is a socket asks by itself

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Route each connection to the application that serves it."""
    if scope["type"] == "websocket":
        await sockets(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/live/attempts/"):
        await gateway(scope, receive, send)
    else:
        await pages(scope, receive, send)
