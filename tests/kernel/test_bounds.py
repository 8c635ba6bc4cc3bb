"""Bounds of columns: written with a table, kept with its columns, given to tables of before; no old row in the way."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
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


def _columns(**fields: Any) -> Any:
    """Return a model of a table of its own with these columns, which nobody else knows."""
    meta = type("Meta", (), {"apps": Apps(), "app_label": "kernel", "db_table": "of_this_test"})
    return type("OfThisTest", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def _bounded() -> str:
    """Return the definition of the check of that table, with the names of its bounded columns."""
    return next((text for table, text, _valid in _definitions() if table == "of_this_test"), "")


def test_bounds_follow_the_columns_of_a_table(owner: None) -> None:
    one = _columns(day=models.DateField(null=True))
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(one)
        assert ("day <@" in _bounded(), "body" in _bounded()) == (True, False)

        added = models.JSONField(null=True)
        added.set_attributes_from_name("body")
        editor.add_field(one, added)
        assert ("day <@" in _bounded(), "pg_column_size(body)" in _bounded()) == (True, True)

        two = _columns(day=models.DateField(null=True), body=models.JSONField(null=True))
        moment = models.DateTimeField(null=True)
        moment.set_attributes_from_name("day")
        editor.alter_field(two, two._meta.get_field("day"), moment)
        assert ("tstzrange" in _bounded(), "daterange" in _bounded()) == (True, False)

        three = _columns(day=models.DateTimeField(null=True), body=models.JSONField(null=True))
        renamed = models.DateTimeField(null=True)
        renamed.set_attributes_from_name("moment")
        editor.alter_field(three, three._meta.get_field("day"), renamed)
        assert ("moment <@" in _bounded(), "day" in _bounded().replace("daterange", "")) == (True, False)

        four = _columns(moment=models.DateTimeField(null=True), body=models.JSONField(null=True))
        editor.remove_field(four, four._meta.get_field("moment"))
        assert ("moment" in _bounded(), "pg_column_size(body)" in _bounded()) == (False, True)

        five = _columns(body=models.JSONField(null=True))
        editor.remove_field(five, five._meta.get_field("body"))
        assert _bounded() == ""


@pytest.mark.parametrize(("levels", "stays"), [(1, True), (100, True), (101, False), (3000, False)])
def test_json_has_a_limit_of_levels(owner: None, levels: int, stays: bool) -> None:
    column = _columns(body=models.JSONField(null=True))
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(column)
    put = "INSERT INTO of_this_test (body) VALUES ((repeat(%s, %s) || '1' || repeat(%s, %s))::jsonb)"
    for before, after in (("[", "]"), ('{"a":', "}")):
        if stays:
            _run(put, before, levels, after, levels)
            continue
        with pytest.raises(IntegrityError, match="of_this_test_bounds"), transaction.atomic():
            _run(put, before, levels, after, levels)


def test_tables_whose_json_had_no_limit_of_levels_get_it(institutions: Any) -> None:
    for schema in ("public", "t_alpha"):
        with tenancy.open_institution(schema), tenancy.as_owner(), transaction.atomic():
            new = _definitions()
            for table, text in [(table, text) for table, text, _valid in new if "@?" in text]:
                _run(f"ALTER TABLE {table} DROP CONSTRAINT {table}_bounds")
                _run(f"ALTER TABLE {table} ADD CONSTRAINT {table}_bounds {_before_levels(text)}")
            assert _definitions() != new
            for statement in bounds.bound_levels(_lengths()):
                _run(statement)
            assert _definitions() == new


def _before_levels(definition: str) -> str:
    return re.sub(r"CASE\s+WHEN \(\S+ @\? \S+\) THEN 0\s+ELSE (\d+)\s+END", r"\1", definition)


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
