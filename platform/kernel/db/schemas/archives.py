"""Archives of one schema in a file, restored under any name: PostgreSQL's own COPY, table by table.

The file is a zip: `manifest.json`, which names every table with its rows and digest, and `tables/<name>.copy`. What is
taken is one consistent moment; what is brought back is checked against the manifest before it is committed.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO, Any, cast

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from kernel import tenancy
from kernel.db import roles
from kernel.db.schemas import building, plans
from kernel.db.schemas.migrating import Migrator
from kernel.db.schemas.plans import Node

FORMAT = 1
MANIFEST = "manifest.json"
MIGRATIONS_TABLE = "django_migrations"
"""Not carried: the schema that the data comes into knows for itself what was done to it."""
_SESSION_SETTINGS = """SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"""


class InvalidArchive(Exception):
    """This file cannot be restored here; the message says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an archive: its columns in the order of the file, its number of rows, and their digest."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of an archive: its schema, its migrations, its tables, the shared rows it depends on."""

    about: Mapping[str, str]
    migrations: tuple[Node, ...]
    tables: Mapping[str, Table]
    sequences: Mapping[str, int]
    shared: Mapping[str, tuple[str, ...]]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Return how many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())

    def as_bytes(self) -> bytes:
        """Return the manifest as it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1, default=list).encode()

    @property
    def digest(self) -> str:
        """Return what the whole file is known by: its manifest holds the digests of all else."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


def export_schema(schema: str, file: Path, *, about: Mapping[str, str]) -> Manifest:
    """Write a schema as it is at one moment to a file, and return what it holds; nobody is kept waiting by it."""
    with _snapshot() as cursor, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        tables = {}
        for name, columns in _columns(cursor, schema).items():
            with archive.open(f"tables/{name}.copy", "w", force_zip64=True) as out:
                tables[name] = _read(cursor, schema, name, columns, out.write)
        migrations = cursor.execute(_sql("SELECT app, name FROM {} ORDER BY id", schema, MIGRATIONS_TABLE)).fetchall()
        manifest = Manifest(about, tuple(migrations), tables, _sequences(cursor, schema), _shared(cursor, schema))
        archive.writestr(MANIFEST, manifest.as_bytes())
    return manifest


def table_digests(schema: str) -> dict[str, Table]:
    """Return rows and digest of every table of a schema, as a file would hold them now."""
    with _snapshot() as cursor:
        return {
            name: _read(cursor, schema, name, columns, lambda _block: 0)
            for name, columns in _columns(cursor, schema).items()
        }


def read_manifest(file: Path | IO[bytes], *, whole: bool = False) -> Manifest:
    """Return what a file holds; refuses (InvalidArchive) what is no archive or, `whole`, whose rows were changed."""
    try:
        with zipfile.ZipFile(file) as archive:
            raw = archive.read(MANIFEST)
            content = json.loads(raw)
            tables = {name: Table(tuple(t["columns"]), t["rows"], t["sha256"]) for name, t in content["tables"].items()}
            manifest = Manifest(
                content["about"],
                tuple((app, name) for app, name in content["migrations"]),
                tables,
                content["sequences"],
                {table: tuple(keys) for table, keys in content["shared"].items()},
                content["format"],
            )
            if whole:
                _check_rows(archive, manifest)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as fault:
        raise InvalidArchive(f"it is no archive of a schema ({type(fault).__name__})") from None
    if manifest.format != FORMAT or manifest.as_bytes() != raw:
        raise InvalidArchive("its manifest was written by other code")
    return manifest


def _check_rows(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for name, table in manifest.tables.items():
        with archive.open(f"tables/{name}.copy") as rows:
            if hashlib.file_digest(rows, "sha256").hexdigest() != table.sha256:  # type: ignore[arg-type]  # it reads
                raise InvalidArchive(f"the rows of {name} are not those that the manifest names")


def restore_schema(file: Path, schema: str) -> Manifest:
    """Make a new schema of this name from a file, checked table by table; all of it stands afterwards or nothing.

    A file of older migrations is brought back as it was and then migrated. Refuses (InvalidArchive) a file that was
    changed, one whose migrations this code does not have, and one that needs shared rows which are not here.
    """
    manifest = read_manifest(file)
    if unknown := set(manifest.migrations) - set(plans.migration_loader().graph.nodes):
        raise InvalidArchive(f"it was taken by code with other migrations: {', '.join(map('.'.join, sorted(unknown)))}")
    with tenancy.open_public(), tenancy.as_owner(), transaction.atomic():
        if building.exists(schema):
            raise InvalidArchive(f"there is a schema {schema} already")
        _check_shared(manifest)
        _build(schema, manifest.migrations)
        with connection.cursor() as cursor, zipfile.ZipFile(file) as archive:
            cursor.execute(_SESSION_SETTINGS)
            for name in _in_order(cursor, schema, manifest.tables):
                _write(cursor, schema, name, manifest.tables[name], archive)
            for name, value in manifest.sequences.items():
                cursor.execute("SELECT setval(%s::regclass, %s)", [sql.Identifier(schema, name).as_string(), value])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        roles.grant_schema(schema)
    if plans.fingerprint_of(manifest.migrations) != plans.target_fingerprint():
        (outcome,) = Migrator().run([schema])
        if outcome.status == "failed":
            building.drop_schema(schema)
            raise InvalidArchive(f"it was brought back, but could not be migrated: {outcome.why}")
    return manifest


def _build(schema: str, migrations: Iterable[Node]) -> None:
    """Make an empty schema at exactly these migrations."""
    if plans.fingerprint_of(migrations) == plans.target_fingerprint():
        building.build_schema(schema)
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)).as_string())
    with building.open_schema(schema):
        MigrationExecutor(connection).migrate(list(migrations))


def _write(cursor: Any, schema: str, name: str, table: Table, archive: zipfile.ZipFile) -> None:
    """Put a table's rows where they belong and check them by reading them again."""
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(schema, name), columns)
    try:
        with archive.open(f"tables/{name}.copy") as rows, cursor.copy(into) as copy:
            while block := rows.read(1 << 16):
                copy.write(block)
    except (KeyError, zipfile.BadZipFile) as fault:
        raise InvalidArchive(f"the rows of {name} cannot be read ({fault})") from None
    if _read(cursor, schema, name, table.columns, lambda _block: 0) != table:
        raise InvalidArchive(f"the rows of {name} are not those that the manifest names")


def _read(cursor: Any, schema: str, name: str, columns: Iterable[str], keep: Callable[[bytes], object]) -> Table:
    """Read a table in the order of its key; return what a manifest says of it."""
    columns = tuple(columns)
    key = cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)",
        [sql.Identifier(schema, name).as_string()],
    ).fetchall()
    ordered = sql.SQL(", ").join(sql.Identifier(column) for (column,) in key)
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, name), ordered
    )
    digest, rows = hashlib.sha256(), 0
    with cursor.copy(query) as copy:
        for block in copy:
            raw = bytes(block)
            digest.update(raw)
            rows += raw.count(b"\n")  # a line end within a value is written as \n
            keep(raw)
    return Table(columns, rows, digest.hexdigest())


def _columns(cursor: Any, schema: str) -> dict[str, tuple[str, ...]]:
    rows = cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
        " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND c.relname <> %s GROUP BY 1 ORDER BY 1",
        [sql.Identifier(schema).as_string(), MIGRATIONS_TABLE],
    )
    return {name: tuple(columns) for name, columns in rows.fetchall()}


def _sequences(cursor: Any, schema: str) -> dict[str, int]:
    rows = cursor.execute(
        "SELECT sequencename::text, last_value FROM pg_sequences"
        " WHERE schemaname = %s AND last_value IS NOT NULL AND sequencename NOT LIKE %s ORDER BY 1",
        [schema, f"{MIGRATIONS_TABLE}%"],
    )
    return dict(rows.fetchall())


def _keys(cursor: Any, schema: str) -> list[tuple[str, str, str, str]]:
    """Return the foreign keys that leave a schema: table, column, shared table and column (of each key the first)."""
    rows = cursor.execute(
        "SELECT c.relname::text, a.attname::text, f.relname::text, b.attname::text FROM pg_constraint o"
        " JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class f ON f.oid = o.confrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = o.confkey[1]"
        " WHERE o.contype = 'f' AND c.relnamespace = %s::regnamespace AND f.relnamespace = 'public'::regnamespace"
        " ORDER BY 1, 2, 3, 4",
        [sql.Identifier(schema).as_string()],
    )
    return cast(list[tuple[str, str, str, str]], rows.fetchall())


def _shared(cursor: Any, schema: str) -> dict[str, tuple[str, ...]]:
    """Return the shared rows that a schema's rows point at, by "table.column"."""
    keys: dict[str, set[str]] = {}
    for table, column, shared, key in _keys(cursor, schema):
        query = sql.SQL("SELECT DISTINCT {0}::text FROM {1} WHERE {0} IS NOT NULL").format(
            sql.Identifier(column), sql.Identifier(schema, table)
        )
        keys.setdefault(f"{shared}.{key}", set()).update(value for (value,) in cursor.execute(query).fetchall())
    return {name: tuple(sorted(values)) for name, values in keys.items()}


def _check_shared(manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        for name, keys in manifest.shared.items():
            table, _dot, column = name.partition(".")
            query = sql.SQL("SELECT count(*) FROM public.{} WHERE {}::text = ANY(%s)")
            cursor.execute(query.format(sql.Identifier(table), sql.Identifier(column)).as_string(), [list(keys)])
            (present,) = cursor.fetchone()
            if present != len(keys):
                raise InvalidArchive(
                    f"{len(keys) - present} of {len(keys)} rows of {table} that it rests on are not here"
                )


def _in_order(cursor: Any, schema: str, tables: Iterable[str]) -> Iterator[str]:
    """Yield tables so that what a key points at comes before it, where the key is checked at once."""
    needs: dict[str, set[str]] = {name: set() for name in tables}
    rows = cursor.execute(
        "SELECT c.relname::text, f.relname::text FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
        " JOIN pg_class f ON f.oid = o.confrelid WHERE o.contype = 'f' AND NOT o.condeferred"
        " AND c.relnamespace = %s::regnamespace AND f.relnamespace = c.relnamespace AND c.oid <> f.oid",
        [sql.Identifier(schema).as_string()],
    )
    for name, needed in rows.fetchall():
        needs[name].add(needed)
    yield from TopologicalSorter(needs).static_order()


def _sql(query: str, *name: str) -> sql.Composed:
    return sql.SQL(query).format(sql.Identifier(*name))


@contextmanager
def _snapshot() -> Iterator[Any]:
    """A connection of its own that sees one moment and can write nothing."""
    params = connection.get_connection_params()
    with psycopg.connect(**params) as plain:
        plain.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        plain.read_only = True
        cursor = psycopg.Cursor(plain)
        cursor.execute(_SESSION_SETTINGS)
        yield cursor
