"""Reads of the shared tables that everybody uses."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.core import signing
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Case, Count, Q, When
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from kernel import audit, crypto, later, outside, seals, tenancy
from kernel.db.schemas import building
from kernel.errors import Forbidden, NotFound
from kernel.fields import encrypted_columns
from kernel.hooks import Hook
from kernel.models import Heartbeat, Outbox
from kernel.retries import OPERATOR
from kernel.web.limits import DayOfLimit, days_of_limits

from .models import File

LINK_LIFE = timedelta(minutes=5)
STUCK_SHOWN = 50
_SALT = "records.file"


class LinkExpired(Forbidden):
    """A link to a file lives a few minutes, a video's for its lesson, and was not made for this."""

    code = "link-expired"
    title = _("This link has expired")
    message = _("Links to files work for a short time. Go back to the page and open the file from there.")


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What the check of one schema's notes found: how many are sealed, how many of these before there was a key, the
    head that was filed last, and every note that is not as it was sealed and filed.
    """

    schema: str
    sealed: int
    before_key: int
    unsealed: int
    head: seals.FiledHead | None
    faults: tuple[seals.Fault, ...]


def signed_path(file_id: uuid.UUID, *, life: timedelta = LINK_LIFE) -> str:
    """Return the path at which a file may be fetched for five minutes, or as long as `life` says. The caller has
    checked who asks.
    """
    about = str(file_id) if life == LINK_LIFE else f"{file_id}.{int(life.total_seconds())}"
    return f"/files/{signing.TimestampSigner(salt=_SALT).sign(about)}/"


def open_signed_file(link: str) -> tuple[File, IO[bytes]]:
    """Return the file of a signed link and its open content; refuses a false or old link."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        file_id, _dot, seconds = signer.unsign(link).partition(".")
        signer.unsign(link, max_age=int(seconds) if seconds else LINK_LIFE)
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


def content_for(file_id: uuid.UUID, *, retention: str) -> bytes:
    """Return the content of a file that was stored for one end, by its retention; refuses (NotFound) any other."""
    if not File.objects.filter(pk=file_id, retention=retention).exists():
        raise NotFound
    return content(file_id)


def chain_report(side: str) -> ChainReport:
    """Return what is wrong with the sealed notes of the open schema, and how many are not sealed yet.

    Heads are read before the notes and the newest again after them, for a sealer may work meanwhile.
    """
    table = audit.table_of(side)
    chain = seals.chain_of(table)
    check = seals.verify(_sealed_notes(table), seals.filed_heads(chain))
    head = seals.newest_head(chain)
    return _chain_report(table, check, head)


def copy_report(schema: str) -> ChainReport:
    """Return the same of a restored copy, whose end must be one that was filed for the institution it comes from."""
    with tenancy.as_owner(), building.open_schema(schema):
        table = audit.table_of("tenant_records")
        head = seals.head_at(*seals.last_seal(table))
        return _chain_report(table, seals.verify(_sealed_notes(table), [head] if head else []), head)


def _sealed_notes(table: Any) -> Iterator[Any]:
    rows: Iterator[Any] = table.objects.filter(seal_no__isnull=False).order_by("seal_no").iterator(chunk_size=2000)
    return rows


def _chain_report(table: Any, check: seals.ChainCheck, head: seals.FiledHead | None) -> ChainReport:
    filed = head.number if head else 0
    if check.keyed and check.number > filed:
        check.faults.append(seals.Fault(filed + 1, None, "not filed", check.number - filed))
    waiting = table.objects.filter(seal_no=None).count()
    return ChainReport(seals.chain_of(table), check.count, check.before_key, waiting, head, tuple(check.faults))


def missing_chains() -> list[str]:
    """Return the schemas whose heads were filed and which are gone, though nobody deleted their institution."""
    filed = seals.filed_chains() - {"public", *tenancy.deleted_schemas()}
    return sorted(chain for chain in filed if not building.exists(chain))


def heartbeat_ages(*, real: datetime) -> dict[str, float | None]:
    """Return how many seconds ago the worker and beat showed that they live; None where they never did."""
    beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
    return {n: (real - beats[n]).total_seconds() if n in beats else None for n in ("worker", "beat")}


def waiting_tasks() -> int:
    """Return how many tasks have been asked for and not done."""
    return Outbox.objects.filter(done_at=None).count()


@dataclass(frozen=True, slots=True)
class StuckTask:
    """A task that has failed so far, whose worker died, or that waits for an outside system."""

    number: int
    schema: str
    task: str
    attempts: int
    lost_attempts: int
    error: str
    not_before: datetime | None
    waits_for: str

    @property
    def given_up(self) -> bool:
        """Say whether nobody tries again but an operator."""
        return self.waits_for == OPERATOR


@dataclass(frozen=True, slots=True)
class SilentSystem:
    """An outside system that does not answer, and how many tasks wait for it."""

    name: str
    since: datetime
    error: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Health:
    """What the operator sees first: who lives, what waits, what is stuck."""

    heartbeat_ages: dict[str, float | None]
    waiting: int
    stuck: tuple[StuckTask, ...]
    silent: tuple[SilentSystem, ...]
    unsealed: int
    head: seals.FiledHead | None
    limits: tuple[DayOfLimit, ...]


def health(*, real: datetime) -> Health:
    """Return the state of the machinery; waiting tasks are counted, stuck ones named."""
    unsealed = audit.table_of("kernel").objects.filter(seal_no=None).count()
    return Health(
        heartbeat_ages(real=real),
        waiting_tasks(),
        stuck_tasks(),
        silent_systems(),
        unsealed,
        seals.newest_head(),
        days_of_limits(real),
    )


def stuck_tasks() -> tuple[StuckTask, ...]:
    """Return the newest tasks that are stuck, those first that were given up."""
    given_up_first = Case(When(waits_for=OPERATOR, then=0), default=1)
    failed = Q(attempts__gt=0) | Q(lost_attempts__gt=0) | Q(waits_for=OPERATOR)
    rows = Outbox.objects.filter(failed, done_at=None).order_by(given_up_first, "-pk")[:STUCK_SHOWN]
    return tuple(
        StuckTask(r.pk, r.schema, r.task, r.attempts, r.lost_attempts, r.error, r.not_before, r.waits_for) for r in rows
    )


def silent_systems() -> tuple[SilentSystem, ...]:
    """Return the outside systems that are taken to be down, with what waits for them."""
    failing = outside.failing()
    rows = Outbox.objects.filter(done_at=None, waits_for__in=[row.name for row in failing]).order_by()
    counts = dict(rows.values_list("waits_for").annotate(Count("pk"))) if failing else {}
    return tuple(SilentSystem(row.name, row.failing_since, row.error, counts.get(row.name, 0)) for row in failing)


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
