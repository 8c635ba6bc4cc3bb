"""Fixtures of the benches: the product in this process, on the bench's database, with generated institutions."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.core.management import call_command

from kernel.roles import Role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402  # Django is set up first
from django.db import connection, connections  # noqa: E402  # as above
from psycopg import sql  # noqa: E402  # as above

from kernel import tenancy  # noqa: E402  # as above
from kernel.access import SYSTEM, Actor, Grant  # noqa: E402  # as above
from kernel.db import roles  # noqa: E402  # as above
from kernel.db.schemas import building  # noqa: E402  # as above
from kernel.fields import uuid7  # noqa: E402  # as above
from shared.institutions.models import Domain, Institution, Organisation  # noqa: E402  # as above
from shared.institutions.states import Standing  # noqa: E402  # as above
from shared.policy.operations import packs  # noqa: E402  # as above

AUTHORITY = "360100"
PROVINCE = "360000"


def now() -> datetime:
    """Return the time of this moment."""
    return datetime.now(UTC)


def officer() -> Actor:
    """Return an officer of the province, with a second factor."""
    return Actor(uuid7(), None, "bench", 2, frozenset({Grant(Role.PROVINCE_OFFICER, PROVINCE)}))


@contextmanager
def shared_tables() -> Iterator[None]:
    """Build the shared schema with the law in it; lets go of every connection at the end."""
    settings.NUOXING_PUBLISH = ""  # no worker listens
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    packs.load_packs(at=now(), by=SYSTEM)
    packs.load_authorities(at=now(), by=SYSTEM)
    try:
        yield
    finally:
        close_connections()


def close_connections() -> None:
    """Close this process's connections: the database is dropped, or crashes, next."""
    for one in connections.all(initialized_only=True):
        one.close()
        close_pool: Any = getattr(one, "close_pool", None)
        if close_pool is not None:
            close_pool()


def institutions(number: int, *, first: int = 0) -> list[Institution]:
    """Add listed institutions, without schemas; return them."""
    at = now() - timedelta(days=900)
    who = uuid.UUID(int=1)
    organisations = [
        Organisation(
            name=f"Bench {n:04d}", credit_code=f"BENCH{n:013d}", category="social", division_code="360102",
            authority_code=AUTHORITY, address="-", legal_rep="-", contact="-", contact_mobile="-", registered_at=at,
            registered_by=who, state=Standing.LISTED, state_since=at,
        )
        for n in range(first, first + number)
    ]  # fmt: skip
    created = [
        Institution(
            organisation=organisation, schema_name=f"t_bench{n:04d}", slug=f"bench{n:04d}", name=organisation.name,
            listed_at=at, ready=True,
        )
        for n, organisation in enumerate(organisations, first)
    ]  # fmt: skip
    Organisation.objects.bulk_create(organisations)
    Institution.objects.bulk_create(created)
    Domain.objects.bulk_create(
        [Domain(tenant=one, domain=f"{one.slug}.nuoxing.localhost", is_primary=True) for one in created]
    )
    return created


def build_schemas(rows: list[Institution]) -> None:
    """Give the institutions their schemas: the first by migrations, the others as copies of its tables.

    A copy has every column, default, check and index, and no foreign keys; the paths that benches measure write no
    table that has one on them.
    """
    model, *others = rows
    building.build_schema(model.schema_name)
    with tenancy.open_public(), tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [model.schema_name])
        tables = [row[0] for row in cursor.fetchall()]
        for one in others:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(one.schema_name)))
            for table in tables:
                names = sql.Identifier(one.schema_name, table), sql.Identifier(model.schema_name, table)
                cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(*names))
            roles.grant_schema(one.schema_name)


def analyse() -> None:
    """Let the planner know what was generated."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
