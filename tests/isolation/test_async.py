"""1,000 operations, 20 at once, over two institutions: how many saw the other's schema or role. None may."""

import asyncio
import json
import sys
import types
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.core.asgi import get_asgi_application
from django.db import close_old_connections, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from kernel import access, later, tenancy
from kernel.db import roles
from kernel.models import Outbox
from kernel.web.consumers import InstitutionConsumer
from shared.institutions.models import Institution

OPERATIONS, AT_ONCE = 1000, 20


@pytest.fixture
def schools(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Any]]:
    """The institutions, committed, with the database open to all threads."""
    with django_db_blocker.unblock():
        tenancy.enter(None)
        yield list(Institution.objects.order_by("slug"))
        tenancy.enter(None)
        connection.close()


def where() -> tuple[str, str, str]:
    """Return the schema and the role that the database has, and the schema that we believe to be in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, role = cursor.fetchone()
    return str(schema), str(role), tenancy.current_schema()


places: dict[int, Any] = {}


@later.task("isolation.where", runs=later.Where.INSTITUTION)
def _note_where(*, at: Any, number: int) -> None:
    places[number] = where()


def expected(school: Any) -> tuple[str, str, str]:
    return school.schema_name, roles.role_of(school.schema_name), school.schema_name


async def at_once(ask: Callable[[int], Any]) -> list[Any]:
    """Ask so many times, so many at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Any:
        async with gate:
            await asyncio.sleep(0)
            return await ask(number)

    return await asyncio.gather(*(one(number) for number in range(OPERATIONS)))


def wrong(schools: list[Any], places: list[Any]) -> int:
    """Return how many were elsewhere than they should."""
    assert len(places) == OPERATIONS
    return sum(tuple(one) != expected(schools[number % len(schools)]) for number, one in enumerate(places))


def test_consumers(schools: list[Any]) -> None:
    consumers = [InstitutionConsumer() for _school in schools]
    for consumer, school in zip(consumers, schools, strict=True):
        consumer.institution = school

    async def main() -> list[Any]:
        try:
            return await at_once(lambda number: consumers[number % len(consumers)].run_in_schema(where))
        finally:
            await database_sync_to_async(lambda: connection.close())()

    assert wrong(schools, asyncio.run(main())) == 0


def test_tasks(schools: list[Any]) -> None:
    places.clear()
    rows = Outbox.objects.bulk_create(
        Outbox(schema=schools[n % len(schools)].schema_name, task="isolation.where", kwargs={"number": n})
        for n in range(OPERATIONS)
    )

    def deliver(pk: int) -> bool:
        try:
            return later.deliver(pk)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert all(pool.map(deliver, [row.pk for row in rows]))
    finally:
        with tenancy.as_owner():
            Outbox.objects.all().delete()
    assert wrong(schools, [places[n] for n in range(OPERATIONS)]) == 0


@access.public
def _where(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"where": where()})


@pytest.fixture
def one_page(settings: Any) -> Iterator[None]:
    """An institution's host that says where it is, and nothing else."""
    module = types.ModuleType("isolation_urls")
    module.urlpatterns = [path("where/", _where)]  # type: ignore[attr-defined]  # what a URLconf is
    sys.modules["isolation_urls"] = module
    settings.ROOT_URLCONF = "isolation_urls"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Host" in name or "Clock" in name]
    tenancy.clear_host_cache()
    yield
    del sys.modules["isolation_urls"]


def test_views(schools: list[Any], one_page: None) -> None:
    application = get_asgi_application()

    async def ask(number: int) -> Any:
        host = f"{schools[number % len(schools)].slug}.nuoxing.localhost:8000".encode()
        scope = {
            "type": "http", "method": "GET", "path": "/where/", "query_string": b"", "headers": [(b"host", host)],
            "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        line = ApplicationCommunicator(application, scope)
        await line.send_input({"type": "http.request", "body": b""})
        start = await line.receive_output(30)
        assert start["status"] == 200
        body = await line.receive_output(30)
        await line.wait(30)
        return json.loads(body["body"])["where"]

    assert wrong(schools, asyncio.run(at_once(ask))) == 0
    close_old_connections()
