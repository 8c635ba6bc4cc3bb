"""Reads of the shared tables that everybody uses."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.core import signing
from django.core.files.storage import storages
from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from kernel import audit, crypto, later
from kernel.errors import Forbidden, NotFound
from kernel.fields import encrypted_columns
from kernel.hooks import Hook
from kernel.later import MAX_ATTEMPTS
from kernel.models import Heartbeat, Outbox
from kernel.tenancy import current_schema

from .models import File

LINK_LIFE = timedelta(minutes=5)
_SALT = "records.file"


class LinkExpired(Forbidden):
    """A link to a file lives five minutes and was not made for this."""

    code = "link-expired"
    title = _("This link has expired")
    message = _("Links to files work for five minutes. Go back to the page and open the file from there.")


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What the check of one schema's notes found."""

    schema: str
    side: str
    sealed: int
    unsealed: int
    faults: tuple[audit.Fault, ...]


def signed_path(file_id: uuid.UUID) -> str:
    """Return the path at which a file may be fetched for five minutes. The caller has checked who asks."""
    return f"/files/{signing.TimestampSigner(salt=_SALT).sign(str(file_id))}/"


def open_signed_file(link: str) -> tuple[File, IO[bytes]]:
    """Return the file of a signed link and its open content; refuses a false or old link."""
    try:
        file_id = signing.TimestampSigner(salt=_SALT).unsign(link, max_age=LINK_LIFE)
    except signing.BadSignature:
        raise LinkExpired from None
    row = File.objects.filter(pk=file_id).first()
    storage_name = "public" if row is not None and row.visibility == File.Visibility.PUBLIC else "default"
    if row is None or not storages[storage_name].exists(row.path):
        raise NotFound  # never there, or erased
    storage = storages["public" if row.visibility == File.Visibility.PUBLIC else "default"]
    return row, storage.open(row.path)


def content(file_id: uuid.UUID) -> bytes:
    """Return a file's content. The caller has checked who asks."""
    row = File.objects.get(pk=file_id)
    with storages["public" if row.visibility == File.Visibility.PUBLIC else "default"].open(row.path) as stream:
        return bytes(stream.read())


def chain_report(side: str) -> ChainReport:
    """Return what is wrong with the sealed notes of the open schema, and how many are not sealed yet."""
    table = audit.table_of(side)
    sealed = table.objects.filter(seal_no__isnull=False).order_by("seal_no")
    faults = tuple(audit.verify(sealed.iterator(chunk_size=2000)))
    waiting = table.objects.filter(seal_no=None).count()
    return ChainReport(current_schema(), side, sealed.count(), waiting, faults)


def heartbeat_ages(*, real: datetime) -> dict[str, float | None]:
    """Return how many seconds ago the worker and beat showed that they live; None where they never did."""
    beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
    return {n: (real - beats[n]).total_seconds() if n in beats else None for n in ("worker", "beat")}


def waiting_tasks() -> int:
    """Return how many tasks have been asked for and not done."""
    return Outbox.objects.filter(done_at=None).count()


@dataclass(frozen=True, slots=True)
class StuckTask:
    """A task that was asked for and has failed so far."""

    number: int
    schema: str
    task: str
    attempts: int
    error: str
    not_before: datetime | None
    given_up: bool


@dataclass(frozen=True, slots=True)
class Health:
    """What the operator sees first: who lives, what waits, what is stuck."""

    heartbeat_ages: dict[str, float | None]
    waiting: int
    stuck: tuple[StuckTask, ...]
    unsealed: int


def health(*, real: datetime) -> Health:
    """Return the state of the machinery; waiting tasks are counted, stuck ones named."""
    rows = Outbox.objects.filter(done_at=None, attempts__gt=0).order_by("-pk")[:50]
    stuck = tuple(
        StuckTask(r.pk, r.schema, r.task, r.attempts, r.error, r.not_before, r.attempts >= MAX_ATTEMPTS) for r in rows
    )
    unsealed = audit.table_of("kernel").objects.filter(seal_no=None).count()
    return Health(heartbeat_ages(real=real), waiting_tasks(), stuck, unsealed)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values of one place are sealed under one version of the data key."""

    place: str
    version: int
    values: int


KeyCounter = Callable[[], list[KeyUse]]
key_counters: Hook[KeyCounter] = Hook(
    "records.key_uses", "Returns a KeyUse for every version under which an app seals values in a way of its own."
)
register_key_counter = key_counters.connect()


def key_uses() -> list[KeyUse]:
    """Return under which key versions values lie, place by place: a version that is not there may be taken away."""
    uses = []
    with connection.cursor() as cursor:
        for model, field in encrypted_columns():
            query = sql.SQL(
                "SELECT substring({column} FROM 1 FOR 2), count(*) FROM {table} "
                "WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
            )
            names = {"table": sql.Identifier(model._meta.db_table), "column": sql.Identifier(field.column or "")}
            cursor.execute(query.format(**names))
            place = f"{model._meta.label}.{field.name}"
            uses += [KeyUse(place, crypto.version_of(bytes(sealed)), values) for sealed, values in cursor.fetchall()]
    return uses + [use for source in key_counters.functions() for use in source()]


def periodic_task(name: str) -> Callable[..., Any]:
    """Return a periodic task by name; refuses (NotFound) a name that nobody registered."""
    if name not in later.periodic_tasks:
        raise NotFound
    return later.periodic_tasks[name].run
