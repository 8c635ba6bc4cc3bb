"""Row security, table by table: a row of each institution is put into every shared table; each sees and changes its own.

The rows are made up from the columns, with foreign keys and checks put aside for the test's transaction, so a table that
is added is tried by itself.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from config.reach import SHARED
from kernel import reach, tenancy

SEALED = bytes(40)
MOMENT = "2026-03-02T09:00:00+08:00"
BY_TYPE: dict[Any, Any] = {
    models.UUIDField: "uuid",
    models.BooleanField: False,
    models.DateTimeField: MOMENT,
    models.DateField: "2026-03-02",
    models.JSONField: "{}",
    models.BinaryField: SEALED,
    models.DecimalField: 1,
    models.IntegerField: 1,
    ArrayField: [],
}


class Side:
    """One institution, and the keys of the rows made for it."""

    def __init__(self, institution: Any) -> None:
        self.institution = institution
        self.host = f"{institution.slug}.nuoxing.localhost"
        self.keys: dict[str, Any] = {
            "institutions_institution": institution.pk,
            "institutions_organisation": institution.organisation_id,
        }
        self.serial = 900_000 if institution.slug == "alpha" else 800_000

    def named(self, column: str) -> Any:
        """Return what a column that names an institution holds for this one; None for other columns."""
        own = {
            "institution_id": self.institution.pk,
            "organisation_id": self.institution.organisation_id,
            "schema": self.institution.schema_name,
            "owner_schema": self.institution.schema_name,
            "host": self.host,
            "scope": str(self.institution.organisation_id),
        }
        return own.get(column)

    def value(self, field: Any) -> Any:
        """Return something that a column may hold."""
        own = self.named(field.column)
        if own is not None:
            return own
        self.serial += 1
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        if isinstance(field, models.ForeignKey) and field.related_model._meta.db_table in self.keys:
            return self.keys[field.related_model._meta.db_table]
        if field.null:
            return None
        for kind, value in BY_TYPE.items():
            if isinstance(target, kind):
                if kind is models.UUIDField:
                    return uuid.uuid4()
                unique = field.unique or field.primary_key
                return self.serial if unique and kind is models.IntegerField else self._bytes(value, unique)
        limit = getattr(target, "max_length", None) or 200
        return f"{self.institution.slug}{self.serial}"[-limit:]

    def _bytes(self, value: Any, unique: bool) -> Any:
        return self.serial.to_bytes(32, "big") if unique and isinstance(value, bytes) else value

    def put(self, model: type[models.Model]) -> None:
        """Put a row into a table as the owner, and remember its key."""
        table = model._meta.db_table
        if table in self.keys:
            return
        fields = [f for f in model._meta.local_concrete_fields if not f.generated]
        values = [self.value(f) for f in fields]
        columns = ", ".join(f'"{f.column}"' for f in fields)
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO public."{table}" ({columns}) VALUES ({", ".join(["%s"] * len(fields))})'
                f' RETURNING "{model._meta.pk.column}"',  # type: ignore[union-attr]  # they have one
                values,
            )
            self.keys[table] = cursor.fetchone()[0]


def _unbound() -> None:
    """Put aside what a made-up row would break: checks, exclusions and foreign keys of the shared schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND coninhcount = 0"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')


@contextmanager
def _made_up(*sides: Side) -> Iterator[None]:
    with transaction.atomic():
        with tenancy.as_owner():
            _unbound()
            left = [m for m in reach.shared_models() if SHARED[m._meta.label].rows]
            for model in sorted(left, key=_depth):
                for side in sides:
                    side.put(model)
        yield
        transaction.set_rollback(True)


def _depth(model: type[models.Model], seen: tuple[str, ...] = ()) -> int:
    """Return how far a table stands below those that it points at."""
    if model._meta.label in seen:
        return 0
    over = [
        f.related_model
        for f in model._meta.local_concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model in reach.shared_models() and f.related_model is not model
    ]
    return 1 + max((_depth(m, (*seen, model._meta.label)) for m in over), default=0)


def _tries(model: type[models.Model]) -> dict[str, str]:
    table, pk = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]  # they have one
    rights = SHARED[model._meta.label].rights
    changed = next((r.partition("(")[2].split(",")[0].rstrip(")") for r in rights if r.startswith("UPDATE (")), pk)
    tries = {
        "SELECT": f'SELECT "{pk}" FROM public."{table}" WHERE "{pk}" = %s',
        "UPDATE": f'UPDATE public."{table}" SET "{changed}" = "{changed}" WHERE "{pk}" = %s',
        "DELETE": f'DELETE FROM public."{table}" WHERE "{pk}" = %s',
    }
    granted = {right.partition(" ")[0] for right in rights}
    return {right: statement for right, statement in tries.items() if right in granted}


def _run(statement: str, key: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [key])
        touched = cursor.rowcount
        transaction.set_rollback(True)
    return int(touched)


def test_each_institution_sees_and_changes_its_own_rows_alone(institutions: tuple[Any, Any]) -> None:
    first, second = map(Side, institutions)
    wrong, tried = [], 0
    with _made_up(first, second):
        for me, other in ((first, second), (second, first)):
            with tenancy.open_institution(me.institution):
                for model in reach.shared_models():
                    declared = SHARED[model._meta.label]
                    if not declared.rows:
                        continue
                    for right, statement in _tries(model).items():
                        tried += 1
                        table = model._meta.db_table
                        if _run(statement, me.keys[table]) != 1:
                            wrong.append(f"{me.institution.slug} lacks {right} on its own row of {table}")
                        seen_by_all = declared.rows == "true" and right == "SELECT"
                        if _run(statement, other.keys[table]) != (1 if seen_by_all else 0):
                            wrong.append(f"{me.institution.slug} has {right} on the other's row of {table}")
    assert wrong == []
    assert tried > 50


def test_the_platform_sees_every_row(institutions: tuple[Any, Any]) -> None:
    sides = [Side(institution) for institution in institutions]
    with _made_up(*sides), tenancy.open_public():
        for model in reach.shared_models():
            if SHARED[model._meta.label].rows:
                read = _tries(model).get("SELECT")
                assert read is None or all(_run(read, side.keys[model._meta.db_table]) == 1 for side in sides)


@pytest.mark.parametrize("column", ["institution_id", "schema"])
def test_no_row_is_written_in_anothers_name(institutions: tuple[Any, Any], column: str) -> None:
    first, second = map(Side, institutions)
    with _made_up(), tenancy.open_institution(first.institution):
        for model in reach.shared_models():
            declared = SHARED[model._meta.label]
            names = {f.column for f in model._meta.local_concrete_fields}
            if declared.name != "own rows" or column not in names or "INSERT" not in declared.rights:
                continue
            with pytest.raises(ProgrammingError) as refused, transaction.atomic():
                second.put(model)
            assert isinstance(refused.value.__cause__, InsufficientPrivilege), model
