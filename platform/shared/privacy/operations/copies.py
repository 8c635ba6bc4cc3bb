"""Copies of one's own data: asked for, collected by one task a schema, packed, fetched by a link that works once."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import Forbidden, Refusal
from kernel.later import for_each_institution, later
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import erasable
from shared.notices import operations as notices
from shared.records import operations as records

from .. import documents
from ..models.rights import Copy, CopyPart
from ..queries import register as privacy_register
from ..queries import rights, subject_data
from ..states import COPY, CopyState

TICKET = "privacy.copy"
LINK_SECONDS = 300


class CopyUnderWay(Refusal):
    """One copy at a time."""

    code = "copy-under-way"
    message = _("A copy is being collected for you already. You are notified when it is ready.")


class ReauthenticationRequired(Forbidden):
    """Whoever fetches a copy shows again that it is them."""

    code = "reauthentication-required"
    title = _("Please show again that it is you")
    message = _("The password is not right. Sign in with a second factor, or enter your password.")


class CopyUnavailable(Refusal):
    """The copy is not ready, or was deleted."""

    code = "copy-unavailable"
    message = _("This copy is not there: it is being collected, or its days are over. Ask for a new one.")


def ask_copy(*, by: Actor, at: datetime) -> uuid.UUID:
    """Ask for a copy of everything that is held about the actor; one task collects it in each schema.

    Refuses (CopyUnderWay) a second one while the first is collected.
    """
    account_id = account_queries.own_id(by)
    with transaction.atomic():
        row = Copy(account_id=account_id, person_id=by.person_id, asked_at=at, state=COPY.initial, state_since=at)
        row.expected = 1 + len(tenancy.schemas())
        row.language = translation.get_language() or "zh-hans"
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise CopyUnderWay from None
        audit.note("data-copy.ask", row, by=by, at=at)
        arguments: dict[str, Any] = {
            "copy_id": str(row.pk),
            "account_id": str(account_id),
            "person_id": str(by.person_id or ""),
            "language": row.language,
        }
        later("privacy.collect", **arguments)
        for_each_institution("privacy.collect", **arguments)
    return row.pk


def collect(
    *, copy_id: uuid.UUID, account_id: uuid.UUID, person_id: uuid.UUID | None, language: str, at: datetime
) -> int:
    """Put what the open schema holds about somebody into the copy, once; return how many rows."""
    side, institution_id = subject_data.current_side(), tenancy.current_institution_id()
    with translation.override(language):
        found = subject_data.subject_rows(account_id=account_id, person_id=person_id, whole=True, side=side, at=at)
        tables = list(subject_data.as_data(found))
    rows = sum(len(table["rows"]) for table in tables)
    part = CopyPart(copy_id=copy_id, institution_id=institution_id, rows=rows, received_at=at)
    if rows:
        part.content = json.dumps(tables, ensure_ascii=False)  # type: ignore[assignment]  # the field seals it
    with transaction.atomic():
        CopyPart.objects.bulk_create([part], ignore_conflicts=True)
    return rows


def pack_copies(*, at: datetime) -> int:
    """Pack every copy whose parts are all there, and tell its person; return how many."""
    waiting = Copy.objects.filter(state=CopyState.COLLECTING).order_by("pk").values_list("pk", "expected")
    return sum(_pack(pk, at) for pk, expected in waiting if CopyPart.objects.filter(copy_id=pk).count() >= expected)


def _pack(copy_id: uuid.UUID, at: datetime) -> int:
    with transaction.atomic():
        row = Copy.objects.select_for_update().get(pk=copy_id)
        if row.state != CopyState.COLLECTING:
            return 0
        parts = [_part_content(part) for part in row.parts.order_by("institution_id") if part.content]
        parts.sort(key=lambda part: (part["institution"], part["holder"]))
        archive = documents.packed_copy(parts, at=at, language=row.language)
        row.parts.all().delete()
        COPY.move(
            row,
            "pack",
            by=SYSTEM,
            at=at,
            content=documents.as_text(archive),
            digest=hashlib.sha256(archive).hexdigest(),
            expires_at=at + timedelta(days=privacy_register.setting("copy_days")),
        )
        account = account_queries.account(row.account_id)
        notices.send(to=account, template="privacy.copy_ready", context={"url": "/account/privacy/copies/"}, at=at)
    return 1


def _part_content(part: CopyPart) -> dict[str, Any]:
    assert part.content is not None
    places = tenancy.institution_hosts(institution_ids=[part.institution_id]) if part.institution_id else []
    name = places[0].name if places else ""
    tables = json.loads(part.content.reveal())
    return {"holder": name, "institution": part.institution_id is not None, "tables": tables}


def make_link(*, copy_id: uuid.UUID, password: str, host: str, by: Actor, at: datetime) -> str:
    """Return the token of a link that fetches one's own copy once, within five minutes, in this session.

    `at` is real time. Refuses (ReauthenticationRequired) who has neither a second factor in this session nor the
    password, (CopyUnavailable) a copy that is not ready, and (NotFound) anybody else's.
    """
    row = rights.copy_of(copy_id, by)
    if not by.is_strong and not erasable.knows_password(account_queries.own_id(by), password):
        raise ReauthenticationRequired
    if row.state != CopyState.READY:
        raise CopyUnavailable
    with transaction.atomic():
        audit.note("data-copy.link", row, by=by, at=at)
        return records.issue_ticket(
            kind=TICKET, subject={"copy": str(row.pk)}, host=host, nonce=str(by.account_id), at=at, seconds=LINK_SECONDS
        )


def fetch(*, token: str, host: str, by: Actor, at: datetime, real: datetime) -> tuple[str, bytes]:
    """Return (file name, content) of the copy behind a link, using the link up.

    Refuses (TicketInvalid) a link that was used, is old, or was made in another account's session; (CopyUnavailable).
    """
    with transaction.atomic():
        account_id = account_queries.own_id(by)
        subject = records.redeem_ticket(kind=TICKET, token=token, host=host, nonce=str(account_id), at=real)
        row = Copy.objects.select_for_update().filter(pk=subject["copy"], account_id=account_id).first()
        if row is None or row.content is None:
            raise CopyUnavailable
        row.fetched_at = at
        row.save(update_fields=["fetched_at"])
        audit.note("data-copy.fetch", row, by=by, at=at, after={"sha256": row.digest})
    return f"nuoxing-{row.asked_at:%Y%m%d}.zip", documents.from_text(row.content.reveal())


def expire_copies(*, at: datetime) -> int:
    """Delete the content of copies whose days are over; return how many."""
    due = Copy.objects.filter(state=CopyState.READY, expires_at__lte=at).order_by("pk").values_list("pk", flat=True)
    count = 0
    for pk in list(due[:200]):
        with transaction.atomic():
            row = Copy.objects.select_for_update().get(pk=pk)
            if row.state == CopyState.READY:
                COPY.move(row, "expire", by=SYSTEM, at=at, content=None)
                count += 1
    return count
