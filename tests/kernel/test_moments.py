"""Moments are read from PostgreSQL as psycopg reads them."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from psycopg.types.datetime import TimestamptzLoader

from kernel.db.postgres.moments import UtcLoader

MOMENTS = [
    "2026-03-02 01:30:00+00",
    "2026-03-02 01:30:00.5+00",
    "2026-03-02 01:30:00.123456+00",
    "0001-01-01 00:00:00+00",
]


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_what_psycopg_reads(text: str) -> None:
    theirs = TimestamptzLoader(0).load(text.encode()).replace(tzinfo=UTC)
    assert UtcLoader(0).load(text.encode()) == theirs
    assert UtcLoader(0).load(memoryview(text.encode())).tzinfo is UTC


@pytest.mark.parametrize("text", ["infinity", "12026-03-02 01:30:00+00", "0044-03-15 00:00:00+00 BC"])
def test_a_moment_without_room_is_refused_as_psycopg_refuses_it(text: str) -> None:
    with pytest.raises(psycopg.DataError):
        UtcLoader(0).load(text.encode())


@pytest.mark.django_db
def test_a_connection_reads_moments_by_it() -> None:
    at = datetime(2026, 3, 2, 1, 30, 0, 120000, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [at])
        assert cursor.fetchone() == (at,)
    loader = connection.connection.adapters.get_loader(connection.connection.adapters.types["timestamptz"].oid, 0)
    assert loader is UtcLoader
