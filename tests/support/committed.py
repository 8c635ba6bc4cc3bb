"""Tests that commit what they do, since threads and other processes must see it; everything is emptied afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from kernel import tenancy
from shared.institutions.models import Institution
from support.tampering import without_triggers

OURS = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 't_alpha', 't_beta')"
WITH_WHAT_POINTS_AT_THEM = """
WITH RECURSIVE emptied (oid) AS (
  SELECT unnest(%s::regclass[])::oid UNION
  SELECT conrelid FROM pg_constraint JOIN emptied ON confrelid = emptied.oid WHERE contype = 'f'
)
SELECT oid::regclass::text,
       EXISTS (SELECT FROM pg_trigger WHERE tgrelid = emptied.oid AND NOT tgisinternal) FROM emptied
"""
_furniture: set[str] = set()


def furnished() -> None:
    """What has rows now belongs to the house: it is not emptied."""
    _furniture.update(_with_rows())


def institution(slug: str = "alpha") -> Institution:
    """Return one of the two institutions."""
    with tenancy.open_public():
        return Institution.objects.get(slug=slug)


@contextmanager
def committing(blocker: Any) -> Iterator[None]:
    """Open the database without a transaction round the block; refuses (AssertionError) one that is open already."""
    with blocker.unblock():
        assert not connection.in_atomic_block, "this module needs its own `db` fixture"
        tenancy.enter(None)
        try:
            yield
        finally:
            empty()
            connection.close()


def empty() -> None:
    """Empty every table that had no rows when the house was furnished."""
    tenancy.enter(None)
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(WITH_WHAT_POINTS_AT_THEM, [list(_with_rows() - _furniture)])
        if rows := cursor.fetchall():
            with without_triggers(*(name for name, triggers in rows if triggers)):
                cursor.execute(f"TRUNCATE {', '.join(name for name, _triggers in rows)}")


def _with_rows() -> set[str]:
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(OURS)
        names = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
        return {name for (name,) in cursor.fetchall()}
