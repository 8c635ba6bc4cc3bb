"""Writes of the shared tables that every app uses: files, one-time tickets, heartbeats, the outbox."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from kernel import access, audit, clock, crypto, tenancy
from kernel.access import Actor
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.fields import EncryptedTextField, encrypted_columns, uuid7
from kernel.later import later, wake
from kernel.models import Heartbeat, IdempotencyKey, Outbox
from kernel.tenancy import current_schema

from . import rules
from .models import File, Ticket
from .values import StoredFile

ERASED = "erased"  # stands in a file's retention once its content was taken away
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_VIDEO_BYTES = 1024 * 1024 * 1024
SNIFFED = 8192  # bytes from the beginning, by which the kind of a file is known
KINDS = {
    "pdf": frozenset({"application/pdf"}),
    "image": frozenset({"image/jpeg", "image/png", "image/webp"}),
    "video": frozenset({"video/mp4", "video/webm"}),
    "sheet": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"}),
}


class FileRefused(Invalid):
    """The file is too large, empty, or not of a kind that is taken here."""

    code = "file-refused"


class TicketInvalid(Forbidden):
    """The ticket was taken, has expired, or belongs to another host or browser."""

    code = "ticket-invalid"
    title = _("This link cannot be used")
    message = _("This sign-in link was used already, has expired, or was made for another browser. Please start again.")


def store_file(
    *,
    content: "UploadedFile[bytes] | bytes",
    name: str,
    by: Actor,
    at: datetime,
    kinds: tuple[str, ...] = ("pdf", "image"),
    visibility: str = File.Visibility.PRIVATE,
    retention: str = "as the record it belongs to",
) -> StoredFile:
    """Keep a file under a name of ours; its kind is sniffed. Refuses what is empty, too large or of a foreign kind."""
    upload: Any = ContentFile(content) if isinstance(content, bytes) else content
    if not upload.size:
        raise FileRefused(_("The file is empty."))
    largest = MAX_VIDEO_BYTES if kinds == ("video",) else MAX_FILE_BYTES
    if upload.size > largest:
        raise FileRefused(_("The file is larger than %(most)s MB."), most=largest // 1024**2)
    upload.seek(0)
    guess = filetype.guess(upload.read(SNIFFED))
    kind = guess.mime if guess is not None else "text/csv" if "sheet" in kinds and name.endswith(".csv") else ""
    if not any(kind in KINDS[group] for group in kinds):
        raise FileRefused(_("This kind of file is not taken here."))
    schema = current_schema()
    row = File(
        path=f"{schema}/{uuid7()}",
        name=name[:200],
        sha256=_digest_of(upload),
        size=upload.size,
        kind=kind,
        owner_schema=schema,
        visibility=visibility,
        retention=retention,
        stored_at=at,
        stored_by=by.account_id,
    )
    storage = storages["public" if visibility == File.Visibility.PUBLIC else "default"]
    with transaction.atomic():
        storage.save(row.path, upload)
        row.save(force_insert=True)
        audit.note("file.store", row, by=by, at=at, after=audit.values(row, "name", "sha256", "size", "kind"))
    return StoredFile(id=row.pk, path=row.path, kind=row.kind, size=row.size, sha256=row.sha256)


def _digest_of(upload: Any) -> str:
    """Return the SHA-256 of an upload, read piece by piece: a video need not fit into memory."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def erase_file(*, file_id: uuid.UUID, by: Actor, at: datetime, why: str) -> bool:
    """Take a file away for good: its name is overwritten, its content leaves the store after commit.

    The row, its digest and its note stay. Returns whether there was anything to take away.
    """
    with transaction.atomic():
        row = File.objects.select_for_update().filter(pk=file_id).exclude(retention=ERASED).first()
        if row is None:
            return False
        row.name, row.retention = "", ERASED
        row.save(update_fields=["name", "retention"])
        audit.note("file.erase", row, by=by, at=at, why=why, before=audit.values(row, "sha256", "size", "kind"))
        later("records.remove_content", path=row.path)
    return True


def remove_content(*, path: str) -> None:
    """Remove an erased file's content from its store; harmless where it is gone. Refuses (NotFound) what was not
    erased, and what is not kept in the open schema's own folder: the row of a file is an institution's to write.
    """
    row = File.objects.filter(path=path, retention=ERASED, owner_schema=current_schema()).first()
    if row is None or not path.startswith(f"{row.owner_schema}/") or ".." in path:
        raise NotFound
    storages["public" if row.visibility == File.Visibility.PUBLIC else "default"].delete(path)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def issue_ticket(
    *, kind: str, subject: Mapping[str, Any], host: str, nonce: str, at: datetime, seconds: int = 60
) -> str:
    """Return a one-time token for `subject`, bound to the host that may take it and the nonce its browser holds.

    `at` is real time: tickets never live in a demonstration's time.
    """
    token = secrets.token_urlsafe(32)
    Ticket.objects.create(
        digest=_digest(token),
        kind=kind,
        subject=dict(subject),
        host=host,
        nonce_digest=_digest(nonce),
        expires_at=at + timedelta(seconds=seconds),
    )
    return token


def redeem_ticket(*, kind: str, token: str, host: str, nonce: str, at: datetime) -> dict[str, Any]:
    """Return the ticket's subject and delete it in one statement; refuses (TicketInvalid) what does not match."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.records_ticket WHERE digest = %s AND kind = %s AND host = %s AND nonce_digest = %s"
            " RETURNING subject::text, expires_at",
            [_digest(token), kind, host, _digest(nonce)],
        )
        row = cursor.fetchone()
    if row is None or row[1] <= at:
        raise TicketInvalid
    subject: dict[str, Any] = json.loads(row[0])
    return subject


def record_heartbeat(*, name: str) -> None:
    """Write that the worker or beat lives, at real time."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.real_now()})


def delete_expired(*, at: datetime) -> int:
    """Remove tickets that have expired, and outbox rows and answers to machines of 30 days ago; return how many."""
    with transaction.atomic():
        tickets, _by_type = Ticket.objects.filter(expires_at__lt=at).delete()
        rows, _by_type = Outbox.objects.filter(done_at__lt=at - timedelta(days=30)).delete()
        keys, _by_type = IdempotencyKey.objects.filter(created_at__lt=at - timedelta(days=30)).delete()
    return tickets + rows + keys


def retry_task(*, number: int, by: Actor, at: datetime) -> None:
    """Give a stuck task a fresh start; refuses (NotFound) one that is done or never was."""
    access.demand(by, rules.operates)
    with transaction.atomic():
        row = Outbox.objects.select_for_update().filter(pk=number, done_at=None).first()
        if row is None:
            raise NotFound
        before = audit.values(row, "attempts", "lost_attempts", "error")
        row.attempts, row.lost_attempts, row.not_before, row.waits_for = 1, 0, at, ""
        row.save(update_fields=["attempts", "lost_attempts", "not_before", "waits_for"])
        transaction.on_commit(wake, robust=True)
        audit.note("outbox.try_again", row, by=by, at=at, before=before)


def reseal(*, limit: int = 500) -> int:
    """Seal up to `limit` values of every encrypted column of the shared schema anew under the key of now.

    Each column in a transaction of its own, whatever is locked left for the next time: it may run beside everything
    else, be killed and begin again. Returns how many values it sealed anew; nought when nothing is left, or while there
    is one key only.
    """
    done = 0
    if len(settings.NUOXING_DATA_KEYS) < 2:
        return done
    for model, field in encrypted_columns():
        with transaction.atomic():
            done += _reseal_column(model, field, limit)
    return done


def _reseal_column(model: type[models.Model], field: EncryptedTextField, limit: int) -> int:
    assert model._meta.pk is not None  # every model of ours has one
    names = {"table": model._meta.db_table, "column": field.column or "", "key": model._meta.pk.column or ""}
    quoted = {role: sql.Identifier(name) for role, name in names.items()}
    older = sql.SQL(
        "SELECT {key}, {column} FROM {table} WHERE substring({column} FROM 1 FOR 2) <> %s "
        "ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED"
    )
    anew = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s")
    head = crypto.sealing_version().to_bytes(2, "big")
    # As the login: the same value under a newer key is no change, for which no role needs the right to any.
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(older.format(**quoted), [head, limit])
        rows = [(crypto.reseal(bytes(sealed)), pk) for pk, sealed in cursor.fetchall()]
        if rows:
            cursor.executemany(anew.format(**quoted), rows)
    return len(rows)
