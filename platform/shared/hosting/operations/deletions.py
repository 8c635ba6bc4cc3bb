"""Deletions: a retired institution's schema goes when its retention is over, by four eyes."""

import uuid
from datetime import date, datetime

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock, reasons, tenancy
from kernel.access import Actor
from kernel.db.schemas import archives, building
from kernel.errors import NotFound, Refusal
from shared.institutions.operations import lifecycle
from shared.institutions.values import InstitutionSchema
from shared.policy.queries import packs as pack_queries

from .. import queries, rules
from ..models import Archive, Deletion


class Retained(Refusal):
    """The law still wants these records."""

    code = "retained"
    message = _("The policy wants these records until %(until)s (%(kind)s). Before that nothing is deleted.")


class ArchiveNeeded(Refusal):
    """Nothing is deleted that was not carried away first."""

    code = "archive-needed"
    message = _("Take a file of its data first, after it was retired: what is deleted must be provable.")


class ArchiveChanged(Refusal):
    """The file is not what was recorded."""

    code = "archive-changed"
    message = _("The file of its data is not the one that was recorded, or is gone. Take a new one, and ask again.")


class FourEyes(Refusal):
    """One person alone deletes nothing."""

    code = "four-eyes"
    message = _("Who asked for a deletion cannot approve it. Another operator has to.")


def ask_deletion(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Deletion:
    """Ask that a retired institution's schema be deleted; another operator decides.

    Refuses it before the longest retention that the policy names is over (Retained), and without a file of its data
    that was taken after it was retired (ArchiveNeeded).
    """
    access.demand(by, rules.operates)
    why = reasons.require(reason, field="reason")
    with transaction.atomic():
        institution = lifecycle.ask_deletion(institution_id=institution_id, why=why, by=by, at=at)
        retained_until = _check_retention(institution, at)
        archive = _last_archive(institution)
        assert by.account_id is not None
        return Deletion.objects.create(
            institution_id=institution.id,
            archive=archive,
            digest=archive.digest,
            reason=why,
            retained_until=retained_until,
            policy=pack_queries.pack_at(at).version,
            asked_at=at,
            asked_by=by.account_id,
        )


def withdraw_deletion(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Withdraw a deletion that was asked for, whoever asked."""
    with transaction.atomic():
        lifecycle.withdraw_deletion(institution_id=institution_id, by=by, at=at)
        deletion = _open_deletion(institution_id)
        deletion.withdrawn_at, deletion.withdrawn_by = at, by.account_id
        deletion.save(update_fields=["withdrawn_at", "withdrawn_by"])


def approve_deletion(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Delete a retired institution's schema and its role; what it filed stays, and so does its host's name.

    Refuses the operator who asked (FourEyes), a retention that another policy has made longer (Retained), and a file
    that is no longer the one recorded (ArchiveChanged).
    """
    with transaction.atomic():
        institution = lifecycle.delete(institution_id=institution_id, by=by, at=at)
        deletion = _open_deletion(institution_id)
        if not rules.may_approve(by, deletion.asked_by):
            raise FourEyes
        _check_retention(institution, at)
        _check_file(deletion)
        deletion.approved_at, deletion.approved_by = at, by.account_id
        deletion.save(update_fields=["approved_at", "approved_by"])
        building.drop_schema(institution.schema_name)
        facts = {"digest": deletion.digest, "rows": deletion.archive.rows}
        lifecycle.note("institution.schema_deleted", institution_id, by=by, at=at, after=facts, why=deletion.reason)
    tenancy.clear_host_cache()


def _open_deletion(institution_id: uuid.UUID) -> Deletion:
    rows = Deletion.objects.select_for_update(of=("self",)).select_related("archive")
    deletion = rows.filter(institution_id=institution_id, approved_at=None, withdrawn_at=None).first()
    if deletion is None:
        raise NotFound
    return deletion


def _check_retention(institution: InstitutionSchema, at: datetime) -> date:
    assert institution.retired_at is not None
    retention = queries.retention(institution.retired_at, at)
    if clock.legal_day(at) <= retention.until:
        raise Retained(until=retention.until.isoformat(), kind=retention.label)
    return retention.until


def _last_archive(institution: InstitutionSchema) -> Archive:
    rows = Archive.objects.filter(institution_id=institution.id, taken_at__gte=institution.retired_at)
    archive = rows.order_by("-taken_at").first()
    if archive is None:
        raise ArchiveNeeded
    return archive


def _check_file(deletion: Deletion) -> None:
    """Refuse unless the file is there and is the one that was recorded."""
    try:
        with storages["default"].open(deletion.archive.path) as stream:
            same = archives.read_manifest(stream, whole=True).digest == deletion.digest
    except (OSError, archives.InvalidArchive):
        same = False
    if not same:
        raise ArchiveChanged
