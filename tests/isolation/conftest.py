"""Rows made up from the columns of the tables, one of each table for an institution, so that what is added later
is tried without anybody remembering to."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction

from config.grants import SHARED_TABLES
from kernel import crypto, tenancy
from kernel.db import grants
from kernel.fields import EncryptedTextField

MARK = "ZZMARK"
MOMENT, DAY = "2026-03-02T09:00:00+08:00", "2026-03-02"
BY_TYPE: tuple[tuple[type[Any], Any], ...] = (
    (models.BooleanField, False),
    (models.DateTimeField, MOMENT),
    (models.DateField, DAY),
    (models.DurationField, timedelta(minutes=1)),
    (models.JSONField, '{"words": "%s"}'.__mod__),
    (EncryptedTextField, crypto.encrypt),
    (models.BinaryField, bytes(40)),
    (models.DecimalField, 1),
    (models.FloatField, 1),
    (models.IntegerField, 1),
)


class Side:
    """One institution, and the keys of the rows made for it."""

    def __init__(self, institution: Any) -> None:
        """Begin with what there is."""
        self.institution = institution
        self.schema, self.host = institution.schema_name, f"{institution.slug}.nuoxing.localhost"
        self.mark = f"{MARK}{institution.slug}"
        self.keys: dict[str, Any] = {
            "institutions_institution": institution.pk,
            "institutions_organisation": institution.organisation_id,
        }
        self.serial = 900_000 if institution.slug == "alpha" else 800_000
        self.named = {
            "institution_id": institution.pk,
            "organisation_id": institution.organisation_id,
            "schema": institution.schema_name,
            "owner_schema": institution.schema_name,
            "host": self.host,
            "scope": str(institution.organisation_id),
            "role": "registrar",
        }

    def put(self, model: type[models.Model]) -> Any:
        """Put a row into a table, and before it those that it points at; return its key."""
        table = model._meta.db_table
        if table in self.keys:
            return self.keys[table]
        fields = [f for f in model._meta.local_concrete_fields if f.column and not f.generated]
        values = [self._value(f, self.mark if self.is_its(model) else "plain") for f in fields]
        columns = ", ".join(f'"{f.column}"' for f in fields)
        one = model._meta.pk is not None and model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.where(model)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
                + (f' RETURNING "{one}"' if one else ""),
                values,
            )
            self.keys[table] = cursor.fetchone()[0] if one else None
        return self.keys[table]

    def where(self, model: type[models.Model]) -> str:
        """Return a table's qualified name."""
        shared = model in grants.shared_models()
        return f'"{"public" if shared else self.schema}"."{model._meta.db_table}"'

    @staticmethod
    def is_its(model: type[models.Model]) -> bool:
        """Say whether a table's rows are an institution's: its schema's, its people's, and shared ones it may reach."""
        declared = SHARED_TABLES.get(model._meta.label)
        return declared is None or bool(declared.rows) or model._meta.label == "identity.Person"

    def _value(self, field: Any, words: str) -> Any:
        if field.column in self.named:
            return self.named[field.column]
        self.serial += 1
        if field.null and field.column in ("seal_no", "seal"):  # a note comes without a seal
            return None
        if isinstance(field, models.ForeignKey):
            if field.related_model is field.model or (
                field.null and field.related_model._meta.label != "identity.Person"
            ):
                return None
            return self.put(field.related_model)
        if field.column == "person_id":
            return self.keys.get("identity_person") or uuid.uuid4()
        if field.choices:
            return field.flatchoices[0][0]
        if isinstance(field, models.UUIDField):
            return uuid.uuid4()
        unique = field.unique or field.primary_key or field.column == "number"
        for kind, value in BY_TYPE:
            if isinstance(field, kind):
                if callable(value):
                    return value(words)
                if kind is models.IntegerField:
                    return self.serial % 30_000
                return self.serial.to_bytes(32, "big") if unique and isinstance(value, bytes) else value
        limit = field.max_length or 200
        return (f"{words}{self.serial}" if limit > 20 else str(self.serial))[-limit:]


def _unbind(schemas: list[str]) -> None:
    """Put aside what a made-up row would break: checks, exclusions, foreign keys, and triggers while it is put in."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace"
            " WHERE contype IN ('c', 'f', 'x') AND nspname = ANY(%s) ORDER BY contype DESC",
            [schemas],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')


@contextmanager
def _made_up(*sides: Side, tenants: bool = False) -> Iterator[None]:
    with transaction.atomic():
        with tenancy.open_public(), tenancy.as_owner():
            _unbind(["public", *(side.schema for side in sides if tenants)])
            for side in sides:
                for model in grants.shared_models():
                    if SHARED_TABLES[model._meta.label].rows:
                        side.put(model)
                for model in grants.tenant_models() if tenants else ():
                    side.put(model)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = origin")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sides(institutions: tuple[Any, Any]) -> tuple[Side, Side]:
    """The two institutions, with nothing made up yet."""
    return Side(institutions[0]), Side(institutions[1])


@pytest.fixture
def made_up() -> Callable[..., AbstractContextManager[None]]:
    """Let there be a row in every table that carries an institution's, for each side given, in a transaction that is
    undone; with `tenants` also in every table of their own schemas."""
    return _made_up
