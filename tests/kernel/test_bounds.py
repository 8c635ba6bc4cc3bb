"""Bounds of columns: written with a table, kept with its columns, given to tables of before; no old row in the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from kernel import clock, tenancy
from kernel.db import bounds

DEFINITIONS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint
 WHERE connamespace = current_schema()::regnamespace AND contype = 'c' AND conname LIKE '%\\_bounds' ORDER BY 1
"""


@pytest.fixture
def owner(public_db: None) -> Iterator[None]:
    """Act as the login that owns the tables."""
    with tenancy.as_owner():
        yield


def _definitions() -> list[tuple[str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS)
        return cursor.fetchall()


def _run(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)


def _lengths() -> dict[str, int]:
    texts = (
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.TextField) and field.max_length is not None
    )
    return {f"{model._meta.db_table}.{field.column}": field.max_length or 0 for model, field in texts}


@pytest.mark.parametrize("schema", ["public", "t_alpha"])
def test_tables_of_before_get_the_bounds_that_new_ones_have(institutions: Any, schema: str) -> None:
    with tenancy.open_institution(schema), tenancy.as_owner():
        new = _definitions()
        for table, _text, _valid in new:
            _run(f"ALTER TABLE {table} DROP CONSTRAINT {table}_bounds")
        assert _definitions() == []
        for statement in bounds.upgrade(_lengths()):
            _run(statement)
        assert _definitions() == new
    assert len(new) > 20


def test_an_old_row_beyond_its_bounds_stops_no_upgrade_and_a_new_one_is_refused(owner: None) -> None:
    _run("ALTER TABLE kernel_heartbeat DROP CONSTRAINT kernel_heartbeat_bounds")
    _run("INSERT INTO kernel_heartbeat (name, beat_at) VALUES ('old', '0001-01-01')")
    for statement in bounds.upgrade({}):
        _run(statement)
    assert [valid for table, _text, valid in _definitions() if table == "kernel_heartbeat"] == [False]
    with pytest.raises(IntegrityError, match="kernel_heartbeat_bounds"), transaction.atomic():
        _run("INSERT INTO kernel_heartbeat (name, beat_at) VALUES ('new', '0001-01-01')")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kernel_heartbeat WHERE name IN ('old', 'new')")
        assert cursor.fetchall() == [("old",)]


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01", "1899-12-30", "2101-01-03", "9999-12-31", "infinity", "-infinity", "0001-01-01 BC", "294276-01-01"],
)
def test_no_moment_is_kept_that_nobody_can_read_back(owner: None, moment: str) -> None:
    with pytest.raises(IntegrityError, match="kernel_heartbeat_bounds"), transaction.atomic():
        _run("INSERT INTO kernel_heartbeat (name, beat_at) VALUES ('x', %s)", moment)


def test_every_moment_of_the_years_in_which_we_reckon_is_kept(owner: None) -> None:
    first, last = f"{clock.YEARS[0]}-01-01T00:00+08:00", f"{clock.YEARS[-1]}-12-31T23:59:59.999999-11:00"
    for name, moment in (("first", first), ("last", last)):
        _run("INSERT INTO kernel_heartbeat (name, beat_at) VALUES (%s, %s)", name, moment)
