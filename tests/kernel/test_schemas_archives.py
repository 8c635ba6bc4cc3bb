"""A schema carried away and brought back: the same rows under another name, by digest, and nobody else touched."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import tenancy
from kernel.db import roles
from kernel.db.schemas import archives, building, catalogue, plans
from kernel.db.schemas.archives import InvalidArchive
from support.next_release import migrations_of_sittings

ABOUT = {"name": "演示", "taken_at": "2026-03-02T09:00:00+08:00"}
ROWS = """
INSERT INTO {schema}.sittings_room (id, name, place, seats, withdrawn_at) VALUES
  ('01900000-0000-7000-8000-000000000001', E'一号\\t\\n\\\\考场', '', 7, NULL),
  ('01900000-0000-7000-8000-000000000002', '2', E'\\u0001', 30, '2026-03-02 09:00:00.123456+08');
INSERT INTO {schema}.sittings_sittinghead (sitting_id, n) SELECT id, 5 FROM {schema}.sittings_sitting;
INSERT INTO {schema}.tenant_records_auditentry ({columns}) SELECT {values} FROM generate_series(1, 3);
"""


def _fill(schema: str) -> None:
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s"
            " AND table_name = 'tenant_records_auditentry' AND is_nullable = 'NO' AND is_identity = 'NO'",
            [schema],
        )
        kinds = {
            "timestamp with time zone": "now()",
            "uuid": "gen_random_uuid()",
            "jsonb": "'{}'",
            "bytea": "'\\x00ff'",
        }
        rows = cursor.fetchall()
        columns = ", ".join(f'"{name}"' for name, _kind in rows)
        values = ", ".join(kinds.get(kind, "'x'" if "char" in kind or kind == "text" else "'0'") for _n, kind in rows)
        cursor.execute(ROWS.replace("{schema}", schema).replace("{columns}", columns).replace("{values}", values))


@pytest.fixture
def full(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A schema with rows, committed; it and its copies are gone afterwards."""
    with django_db_blocker.unblock():
        tenancy.enter(None)
        try:
            building.build_schema("k_full")
            _fill("k_full")
            yield "k_full"
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'k\\_%%'")
                names = [name for (name,) in cursor.fetchall()]
            for name in names:
                building.drop_schema(name)
            connection.close()


@pytest.mark.parametrize("others", [2, pytest.param(50, marks=pytest.mark.long)])
def test_a_schema_is_brought_back_beside_the_others_and_only_it(full: str, tmp_path: Path, others: int) -> None:
    beside = [f"k_beside_{n}" for n in range(others)]
    for name in beside:
        building.build_schema(name)
    _fill(beside[0])
    before = {name: archives.table_digests(name) for name in [full, *beside]}
    exported = archives.export_schema(full, tmp_path / "a.zip", about=ABOUT)
    restored = archives.restore_schema(tmp_path / "a.zip", "k_copy")
    assert (restored.digest, restored.rows, dict(restored.about)) == (exported.digest, 5, ABOUT)
    assert archives.table_digests("k_copy") == before[full] == dict(exported.tables)
    assert catalogue.differences("k_copy", full) == []
    assert {name: archives.table_digests(name) for name in [full, *beside]} == before


def test_numbers_go_on_where_they_stood(full: str, tmp_path: Path) -> None:
    archives.export_schema(full, tmp_path / "a.zip", about=ABOUT)
    archives.restore_schema(tmp_path / "a.zip", "k_copy")
    _fill_one = "SELECT nextval(pg_get_serial_sequence('k_copy.tenant_records_auditentry', 'id'))"
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(_fill_one)
        assert cursor.fetchone() == (4,)


def test_what_is_written_while_a_file_is_taken_is_not_in_it(full: str, tmp_path: Path) -> None:
    first = archives.export_schema(full, tmp_path / "a.zip", about=ABOUT)
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {full}.sittings_room")
    assert archives.read_manifest(tmp_path / "a.zip", whole=True) == first
    assert archives.table_digests(full) != dict(first.tables)


def _rewrite(file: Path, name: str, change: Any) -> None:
    """Write a file anew with one of its parts changed."""
    with zipfile.ZipFile(file) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(file, "w") as new:
        for one, raw in parts.items():
            new.writestr(one, raw)


def test_a_file_that_was_changed_is_refused_and_leaves_nothing(full: str, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    archives.export_schema(full, file, about=ABOUT)
    _rewrite(file, "tables/sittings_room.copy", lambda raw: raw.replace(b"\t7\t", b"\t8\t"))
    with pytest.raises(InvalidArchive, match="rows of sittings_room"):
        archives.read_manifest(file, whole=True)
    with pytest.raises(InvalidArchive, match="rows of sittings_room"):
        archives.restore_schema(file, "k_copy")
    assert (building.exists("k_copy"), roles.exists(roles.role_of("k_copy"))) == (False, False)


def test_a_file_whose_shared_rows_are_not_here_is_refused(full: str, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    manifest = archives.export_schema(full, file, about=ABOUT)
    assert manifest.shared == {"policy_feecap.id": ()}
    needs = replace(manifest, shared={"policy_feecap.id": ("01900000-0000-7000-8000-00000000000f",)})
    _rewrite(file, "manifest.json", lambda _raw: needs.as_bytes())
    with pytest.raises(InvalidArchive, match="1 of 1 rows of policy_feecap"):
        archives.restore_schema(file, "k_copy")
    assert not building.exists("k_copy")


def test_a_file_of_other_code_is_refused(full: str, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    manifest = archives.export_schema(full, file, about=ABOUT)
    _rewrite(file, "manifest.json", lambda _raw: replace(manifest, migrations=(("sittings", "0999_x"),)).as_bytes())
    with pytest.raises(InvalidArchive, match=r"sittings\.0999_x"):
        archives.restore_schema(file, "k_copy")
    _rewrite(file, "manifest.json", lambda raw: json.dumps(json.loads(raw) | {"format": 99}).encode())
    with pytest.raises(InvalidArchive, match="other code"):
        archives.read_manifest(file)
    (tmp_path / "b.zip").write_bytes(b"no zip")
    with pytest.raises(InvalidArchive, match="no archive"):
        archives.read_manifest(tmp_path / "b.zip")


def test_a_file_of_older_migrations_is_brought_back_as_it_was_and_then_migrated(
    full: str, tmp_path: Path, settings: Any
) -> None:
    archives.export_schema(full, tmp_path / "a.zip", about=ABOUT)
    with migrations_of_sittings(settings):
        archives.restore_schema(tmp_path / "a.zip", "k_copy")
        assert plans.fingerprints(["k_copy"]) == {"k_copy": plans.target_fingerprint()}
        assert "sittings_remark" in catalogue.tables("k_copy")
        assert archives.table_digests("k_copy")["sittings_room"] == archives.table_digests(full)["sittings_room"]


def test_a_name_that_is_taken_is_refused(public_db: None, tmp_path: Path) -> None:
    archives.export_schema("t_alpha", tmp_path / "a.zip", about=ABOUT)
    with pytest.raises(InvalidArchive, match="there is a schema t_beta already"), transaction.atomic():
        archives.restore_schema(tmp_path / "a.zip", "t_beta")
