"""Django's client at a host and a time, as whoever a test says."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.test import Client

from kernel import clock, tenancy
from kernel.access import ANONYMOUS, Actor

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.CHINA)
WHO = "nuoxing.actor"
LOADER = f"{__name__}.actor_of"
"""The NUOXING_ACTOR_LOADER of a test whose clients act as somebody without signing in."""


class HostClient(Client):
    """Django's client, at a host, at a time."""

    def __init__(self, host: str, moment: datetime | None = NOW) -> None:
        """Fix the host and the time that every request carries."""
        extra = {"HTTP_NUOXING_NOW": moment.isoformat()} if moment else {}
        super().__init__(SERVER_NAME=host, SERVER_PORT="8000", HTTP_HOST=f"{host}:8000", **extra)


def client_at(slug: str = "", moment: datetime | None = NOW) -> HostClient:
    """Return a client at an institution's host, or at the platform's."""
    return HostClient(f"{slug}.nuoxing.localhost" if slug else "nuoxing.localhost", moment)


def acting_as(client: HostClient, actor: Actor) -> HostClient:
    """Let each request of a client be this person's, where LOADER is at work."""
    client.defaults[WHO] = actor
    return client


def actor_of(request: HttpRequest) -> Actor:
    """Return who the client of a request acts as; nobody, where it does not say."""
    actor: Actor = request.META.get(WHO, ANONYMOUS)
    return actor


def staying(client: Any) -> Any:
    """Let a client leave the schema open that was open before each request."""
    ask = client.request

    def request(**asked: Any) -> Any:
        with tenancy.open_public():
            return ask(**asked)

    client.request = request
    return client
