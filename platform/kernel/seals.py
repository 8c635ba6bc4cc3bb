"""Seals of audit notes: a keyed hash chain in each schema, whose ends are filed in the shared one.

A seal is an HMAC over the seal before it, the note's place and everything noted, under a key that the database does not
hold (NUOXING_AUDIT_KEYS). One sealer per schema links what is new within seconds, outside the transactions that write
the notes, and files in the same transaction how many are sealed and with which seal the chain ends (AuditHead). The
filed ends are a chain of their own, across all schemas: so the last notes of a schema cannot be taken away unseen.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from kernel import crypto
from kernel.tenancy import current_schema, open_public

GENESIS = b"\0" * 32
BATCH = 5000
_UNKEYED_LENGTH = 32  # of the seals that were made before there was a key: SHA-256 alone


@dataclass(frozen=True, slots=True)
class Fault:
    """A sealed note (or `count` in a row) that is not as it was sealed and filed."""

    seal_no: int
    row_id: int | None
    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class FiledHead:
    """The end of a schema's chain as a sealing filed it; `mark` names this filing and all before it."""

    id: int
    schema: str
    number: int
    seal: bytes
    at: datetime
    restored: bool
    mac: bytes

    @property
    def mark(self) -> str:
        """Return what can be written down outside, to ask later whether it still stands (verify_audit --head)."""
        return f"{self.id}:{self.mac.hex()[4:20]}"


@dataclass(slots=True)
class ChainCheck:
    """The outcome of reading a chain: how many seals, of these made before the key, the last one, what is wrong."""

    count: int = 0
    number: int = 0
    seal: bytes = GENESIS
    before_key: int = 0
    keyed: bool = False
    faults: list[Fault] = field(default_factory=list)


def heads_table() -> Any:
    """Return the table of filed heads."""
    return apps.get_model("kernel", "AuditHead")


def chain_of(table: Any) -> str:
    """Return the schema whose chain the notes of a table are: the shared one's, or the institution's now open."""
    return "public" if table._meta.app_label == "kernel" else current_schema()


def lock(chain: str) -> None:
    """Let nobody else seal or replace a chain until the end of the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seal:{chain}"])


def seal(table: Any, *, at: datetime) -> int:
    """Link the notes not yet sealed (at most BATCH) into their chain and file its end; return how many were linked.

    One sealer at a time; all of it stands afterwards or nothing. A chain that was never filed is filed as it stands.
    """
    with transaction.atomic():
        chain = chain_of(table)
        lock(chain)
        number, end = last_seal(table)
        unsealed = list(table.objects.filter(seal_no=None).order_by("id")[:BATCH])
        for row in unsealed:
            number += 1
            row.seal_no = number
            row.seal = end = keyed_seal(end, row)
        _write(table, unsealed)
        if unsealed or chain not in filed_chains([chain]):
            _file(chain, number, end, at=at)
    return len(unsealed)


def _write(table: Any, rows: Sequence[Any]) -> None:
    """Write the seals in one statement: what bulk_update says in a CASE for each row costs more than sealing."""
    statement = sql.SQL(
        "UPDATE {} AS note SET seal_no = new.seal_no, seal = new.seal"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS new (id, seal_no, seal) WHERE note.id = new.id"
    ).format(sql.Identifier(table._meta.db_table))
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [[r.pk for r in rows], [r.seal_no for r in rows], [r.seal for r in rows]])


def last_seal(table: Any) -> tuple[int, bytes]:
    """Return how many notes are sealed and with which seal the chain ends."""
    last = table.objects.filter(seal_no__isnull=False).order_by("-seal_no").values_list("seal_no", "seal").first()
    return (last[0], bytes(last[1])) if last else (0, GENESIS)


def file_restored(table: Any, *, at: datetime) -> None:
    """File where the chain of the open schema ends that has taken another's place: from here it goes on."""
    with transaction.atomic():
        number, end = last_seal(table)
        _file(chain_of(table), number, end, at=at, restored=True)


def _file(chain: str, number: int, end: bytes, *, at: datetime, restored: bool = False) -> None:
    """Add a head to the chain of heads. Its lock is the province's: taken last, held until the sealing commits."""
    with open_public():
        lock("heads")
        heads = heads_table()
        previous = heads.objects.order_by("-id").values_list("mac", flat=True).first()
        head = heads(schema=chain, number=number, seal=end, at=at, restored=restored)
        head.mac = _head_mac(bytes(previous or GENESIS), head)
        head.save(force_insert=True)


def _head_mac(previous: bytes, head: Any, version: int | None = None) -> bytes:
    content = ["head", head.schema, head.number, bytes(head.seal).hex()]
    content += [head.at.astimezone(UTC).isoformat(), head.restored]
    return crypto.mac(previous + _as_bytes(content), version=version)


def unkeyed_seal(previous: bytes, row: Any) -> bytes:
    """Return the seal of a note as it was made before there was a key."""
    return hashlib.sha256(previous + _as_bytes(_content(row))).digest()


def keyed_seal(previous: bytes, row: Any, version: int | None = None) -> bytes:
    """Return the seal of a note, under the newest key or the one of this version."""
    content = ["note", getattr(row, "schema", ""), *_content(row)]
    return crypto.mac(previous + _as_bytes(content), version=version)


def _content(row: Any) -> list[Any]:
    content = [row.seal_no, row.pk, row.at.isoformat(), str(row.actor_id or ""), row.actor_name, row.acting_as]
    return [*content, row.verb, row.row_type, row.row_id, row.before, row.after, row.why, row.policy]


def _as_bytes(content: list[Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def verify(rows: Iterable[Any], heads: Sequence[FiledHead] = ()) -> ChainCheck:
    """Compare sealed notes (in the order of their seals) with their seals and with the heads that were filed.

    Named are notes that were changed or reordered, removed (also the last ones), or sealed without the key. A seal made
    before there was a key counts where none with a key comes before it and it stands before the first head.
    """
    check = ChainCheck()
    filed = {head.number: head.seal for head in reversed(heads)}  # what was filed first for a number counts
    unkeyed_until = heads[0].number if heads else None
    for row in rows:
        if row.seal_no > check.number + 1:
            gap = row.seal_no - check.number - 1
            check.faults.append(Fault(check.number + 1, None, "removed", gap))
        elif what := _fault_of(row, check, unkeyed_until):
            check.faults.append(Fault(row.seal_no, row.pk, what))
        elif filed.get(row.seal_no, row.seal) != row.seal:
            check.faults.append(Fault(row.seal_no, row.pk, "not as filed"))
        check.count += 1
        check.before_key += len(row.seal) == _UNKEYED_LENGTH
        check.keyed |= len(row.seal) != _UNKEYED_LENGTH
        check.number, check.seal = row.seal_no, bytes(row.seal)
    if (furthest := max(filed, default=0)) > check.number:
        check.faults.append(Fault(check.number + 1, None, "removed", furthest - check.number))
    return check


def _fault_of(row: Any, check: ChainCheck, unkeyed_until: int | None) -> str:
    """Say what is wrong with the next note of a chain; nothing where its seal is right."""
    sealed = bytes(row.seal)
    if len(sealed) == _UNKEYED_LENGTH:
        if check.keyed or (unkeyed_until is not None and row.seal_no > unkeyed_until):
            return "sealed without the key"
        return "" if row.seal_no == check.number + 1 and sealed == unkeyed_seal(check.seal, row) else "changed"
    version = crypto.version_of(sealed)
    try:
        expected = keyed_seal(check.seal, row, version)
    except crypto.Unreadable:
        return f"sealed with key {version}, which is not here"
    return "" if row.seal_no == check.number + 1 and sealed == expected else "changed"


def filed_heads(chain: str) -> list[FiledHead]:
    """Return the heads of a chain, oldest first, from the last restored copy on: that one binds all before it."""
    with open_public():
        rows = heads_table().objects.filter(schema=chain).order_by("id")
        base = rows.filter(restored=True).order_by("-id").values_list("id", flat=True).first()
        return [_filed(row) for row in (rows.filter(id__gte=base) if base else rows).iterator(chunk_size=2000)]


def head_at(number: int, end: bytes) -> FiledHead | None:
    """Return the newest head, of whichever schema, that filed exactly this end: how a copy's chain is known."""
    with open_public():
        row = heads_table().objects.filter(number=number, seal=end).order_by("-id").first()
    return _filed(row) if row else None


def newest_head(chain: str | None = None) -> FiledHead | None:
    """Return the newest head of a chain, or of all; None where nothing was filed."""
    with open_public():
        rows = heads_table().objects.order_by("-id")
        row = (rows if chain is None else rows.filter(schema=chain)).first()
    return _filed(row) if row else None


def filed_chains(among: Sequence[str] | None = None) -> set[str]:
    """Return the schemas whose chains were filed (of `among`, or all)."""
    with open_public():
        rows = heads_table().objects.order_by().values_list("schema", flat=True).distinct()
        return set(rows if among is None else rows.filter(schema__in=among))


def verify_heads() -> Iterator[int]:
    """Yield the number of every filed head that was changed, or before which one was removed."""
    with open_public():
        previous = GENESIS
        for head in heads_table().objects.order_by("id").iterator(chunk_size=2000):
            try:
                right = _head_mac(previous, head, crypto.version_of(head.mac)) == bytes(head.mac)
            except crypto.Unreadable:
                right = False
            if not right:
                yield head.pk
            previous = bytes(head.mac)


def stands(mark: str) -> bool:
    """Say whether the head whose mark was written down is filed still."""
    number, _colon, mac = mark.partition(":")
    with open_public():
        row = heads_table().objects.filter(pk=int(number)).first() if number.isdigit() else None
    return row is not None and bool(mac) and _filed(row).mark == f"{number}:{mac}"


def _filed(row: Any) -> FiledHead:
    return FiledHead(row.pk, row.schema, row.number, bytes(row.seal), row.at, row.restored, bytes(row.mac))
