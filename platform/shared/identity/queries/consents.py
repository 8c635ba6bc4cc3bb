"""Consents: the texts in their versions, and what people agreed to; other apps ask here only."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kernel.errors import NotFound
from kernel.languages import localized
from kernel.unchanging import asked_once

from .. import methods
from ..models.accounts import Account
from ..models.consents import Consent, ConsentText
from ..states import SEPARATE_CONSENTS, ConsentChannel, ConsentKind


@dataclass(frozen=True, slots=True)
class TextValue:
    """One version of a notice or a consent, in the active language."""

    kind: str
    label: str
    version: str
    in_force_from: datetime
    title: str
    parts: Sequence[methods.Part]
    instead: str
    changes: str
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentValue:
    """One consent as it was given, and taken back if it was."""

    id: uuid.UUID
    kind: str
    label: str
    version: str
    recipient: str
    channel: str
    given_at: datetime
    by_staff: bool
    withdrawn_at: datetime | None
    withdrawn_channel: str


def _text(row: ConsentText) -> TextValue:
    return TextValue(
        kind=row.kind,
        label=str(row.get_kind_display()),
        version=row.version,
        in_force_from=row.in_force_from,
        title=localized(row.title, row.title_en),
        parts=methods.parts_of(localized(row.body, row.body_en)),
        instead=localized(row.instead, row.instead_en),
        changes=localized(row.changes, row.changes_en),
        digest=row.digest,
        published_at=row.published_at,
    )


def _consent(row: Consent) -> ConsentValue:
    return ConsentValue(
        id=row.pk,
        kind=row.kind,
        label=str(row.get_kind_display()),
        version=row.version,
        recipient=row.recipient,
        channel=str(row.get_channel_display()),
        given_at=row.given_at,
        by_staff=row.given_by is not None and row.given_by != row.account_id,
        withdrawn_at=row.withdrawn_at,
        withdrawn_channel=str(ConsentChannel(row.withdrawn_channel).label) if row.withdrawn_channel else "",
    )


def version_in_force(kind: str, at: datetime) -> str:
    """Return the version of a kind's text in force at a moment; the first one where none was yet.

    Refuses (NotFound) a kind that has no text.
    """
    versions = _versions(kind)
    if not versions:
        raise NotFound
    return next((version for begins, version in reversed(versions) if begins <= at), versions[0][1])


@asked_once
def _versions(kind: str) -> list[tuple[datetime, str]]:
    """Return the versions of a kind's text, in the order in which they come into force."""
    return list(ConsentText.objects.filter(kind=kind).order_by("in_force_from").values_list("in_force_from", "version"))


def text(kind: str, version: str) -> TextValue:
    """Return one version of a text; refuses (NotFound) one that never was."""
    row = ConsentText.objects.filter(kind=kind, version=version).first()
    if row is None:
        raise NotFound
    return _text(row)


def text_in_force(kind: str, at: datetime) -> TextValue:
    """Return the text in force at a moment."""
    return text(kind, version_in_force(kind, at))


def texts(kind: str | None = None) -> list[TextValue]:
    """Return all versions, of one kind or of all, newest first within a kind."""
    rows = ConsentText.objects.order_by("kind", "-in_force_from")
    return [_text(row) for row in (rows.filter(kind=kind) if kind else rows)]


def coming_text(kind: str, at: datetime) -> TextValue | None:
    """Return the next version that is published and not in force yet, if there is one."""
    row = ConsentText.objects.filter(kind=kind, in_force_from__gt=at).order_by("in_force_from").first()
    return _text(row) if row is not None and row.version != version_in_force(kind, at) else None


def consents_of(account_id: uuid.UUID) -> list[ConsentValue]:
    """Return everything an account ever agreed to, newest first."""
    return [_consent(row) for row in Consent.objects.filter(account_id=account_id).order_by("-given_at", "-id")]


def accepted_notice(account_id: uuid.UUID) -> str:
    """Return the newest version of the privacy notice that an account has acknowledged, "" for none."""
    rows = Consent.objects.filter(account_id=account_id, kind=ConsentKind.PRIVACY_NOTICE, withdrawn_at=None)
    return rows.order_by("-given_at", "-id").values_list("version", flat=True).first() or ""


def _live(kind: str, recipient: str, at: datetime) -> "QuerySet[Consent]":
    rows = Consent.objects.filter(kind=kind, recipient=recipient, given_at__lte=at)
    return rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=at), account__closed_at=None)


def may_process(
    kind: str,
    *,
    at: datetime,
    person_id: uuid.UUID | None = None,
    account_id: uuid.UUID | None = None,
    recipient: str = "",
) -> bool:
    """Say whether somebody's separate consent of a kind stands at a moment: what every app asks before it takes a
    picture of papers, compares a face by machine, keeps a statement on health, or passes data on to `recipient`.

    A no is never the end: the app then goes the way that the text's `instead` says.
    """
    assert kind in SEPARATE_CONSENTS, kind
    rows = _live(kind, recipient, at)
    if account_id is not None:
        return rows.filter(account_id=account_id).exists()
    assert person_id is not None, "of whom?"
    return rows.filter(account__person_id=person_id).exists()


def standing_consent(kind: str, *, account_id: uuid.UUID, recipient: str, at: datetime) -> uuid.UUID | None:
    """Return the key of the newest consent of an account that stands at a moment, None where there is none."""
    rows = _live(kind, recipient, at).filter(account_id=account_id).order_by("-given_at", "-id")
    return rows.values_list("pk", flat=True).first()


def account_of(person_id: uuid.UUID) -> uuid.UUID | None:
    """Return the open account of a person, if there is one."""
    return Account.objects.filter(person_id=person_id, closed_at=None).values_list("pk", flat=True).first()
