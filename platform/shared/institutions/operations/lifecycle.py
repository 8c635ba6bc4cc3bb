"""Lifecycle of an institution's schema: retired, and after its retention deleted by two operators."""

import uuid
from datetime import date, datetime

from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, roles, schemas, tenancy
from kernel.access import Actor
from kernel.errors import Invalid, NotFound, Refusal
from shared.policy import queries as policy

from .. import queries
from ..models import Archive, Deletion, Institution
from ..states import LIFECYCLE, Standing
from .archives import lock_institution, require_operator


class StillListed(Refusal):
    """An institution that is on the list cannot retire."""

    code = "still-listed"
    message = _(
        "This institution is on the list. Its authority removes it from the list first; then it can be retired."
    )


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


def retire(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> None:
    """Leave an institution's records to be read and nothing to be changed: the database takes the right away.

    Refuses one that is still on the list, one without a schema, and a retirement without a reason.
    """
    require_operator(by)
    why = _required_reason(reason)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        if institution.organisation.state != Standing.REMOVED:
            raise StillListed
        LIFECYCLE.move(institution, "retire", by=by, at=at, why=why, retired_at=at)
        roles.mark_retired(institution.schema_name, retired=True)
    tenancy.clear_host_cache()


def reopen(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> None:
    """Let a retired institution's records be changed again; refuses one whose deletion is asked for."""
    require_operator(by)
    why = _required_reason(reason)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, "reopen", by=by, at=at, why=why, retired_at=None)
        roles.mark_retired(institution.schema_name, retired=False)
    tenancy.clear_host_cache()


def ask_deletion(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Deletion:
    """Ask that a retired institution's schema be deleted; another operator decides.

    Refuses it before the longest retention that the policy names is over (Retained), and without a file of its data
    that was taken after it was retired (ArchiveNeeded).
    """
    require_operator(by)
    why = _required_reason(reason)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, "ask_deletion", by=by, at=at, why=why)
        retained_until = _check_retention(institution, at)
        archive = _last_archive(institution)
        assert by.account_id is not None
        return Deletion.objects.create(
            institution=institution,
            archive=archive,
            digest=archive.digest,
            reason=why,
            retained_until=retained_until,
            policy=policy.pack_at(at).version,
            asked_at=at,
            asked_by=by.account_id,
        )


def withdraw_deletion(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Withdraw a deletion that was asked for, whoever asked."""
    require_operator(by)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, "withdraw_deletion", by=by, at=at)
        deletion = _open_deletion(institution)
        deletion.withdrawn_at, deletion.withdrawn_by = at, by.account_id
        deletion.save(update_fields=["withdrawn_at", "withdrawn_by"])


def approve_deletion(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Delete a retired institution's schema and its role; what it told the platform stays, and so does its host's word.

    Refuses the operator who asked (FourEyes), a retention that another policy has made longer (Retained), and a file
    that is no longer the one recorded (ArchiveChanged).
    """
    require_operator(by)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, "delete", by=by, at=at)
        deletion = _open_deletion(institution)
        if deletion.asked_by == by.account_id:
            raise FourEyes
        _check_retention(institution, at)
        _check_file(deletion)
        deletion.approved_at, deletion.approved_by = at, by.account_id
        deletion.save(update_fields=["approved_at", "approved_by"])
        schemas.drop_schema(institution.schema_name)
        facts = {"digest": deletion.digest, "rows": deletion.archive.rows}
        audit.note("institution.schema_deleted", institution, by=by, at=at, after=facts, why=deletion.reason)
    tenancy.clear_host_cache()


def _required_reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(_("Give a reason; it stands in the institution's life line."), field="reason")
    return reason.strip()


def _open_deletion(institution: Institution) -> Deletion:
    rows = Deletion.objects.select_for_update(of=("self",)).select_related("archive")
    deletion = rows.filter(institution=institution, approved_at=None, withdrawn_at=None).first()
    if deletion is None:
        raise NotFound
    return deletion


def _check_retention(institution: Institution, at: datetime) -> date:
    assert institution.retired_at is not None
    retention = queries.retention(institution.retired_at, at)
    if clock.legal_day(at) <= retention.until:
        raise Retained(until=retention.until.isoformat(), kind=retention.label)
    return retention.until


def _last_archive(institution: Institution) -> Archive:
    rows = Archive.objects.filter(institution=institution, taken_at__gte=institution.retired_at)
    archive = rows.order_by("-taken_at").first()
    if archive is None:
        raise ArchiveNeeded
    return archive


def _check_file(deletion: Deletion) -> None:
    """Refuse unless the file is there and is the one that was recorded."""
    try:
        with storages["default"].open(deletion.archive.path) as stream:
            same = schemas.read_manifest(stream, whole=True).digest == deletion.digest
    except (OSError, schemas.InvalidArchive):
        same = False
    if not same:
        raise ArchiveChanged
