"""Archives: one institution's data exported to a file, restored beside it, and swapped with it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, reasons, seals, tenancy
from kernel.access import SYSTEM, Actor
from kernel.db.schemas import archives, building, plans
from kernel.errors import NotFound, Refusal
from kernel.later import later
from shared.institutions.operations import lifecycle
from shared.institutions.queries import schemas as schema_queries
from shared.institutions.values import InstitutionSchema

from .. import methods, rules
from ..models import Archive, RestoredCopy


class NoSchema(Refusal):
    """There is nothing to carry away."""

    code = "no-schema"
    message = _("This institution has no data of its own here: its schema is being set up, or was deleted.")


class RestoreFailed(Refusal):
    """A file that cannot be brought back here."""

    code = "not-restored"
    status = 422
    message = _("This file was not restored: %(why)s.")


class CopyUnusable(Refusal):
    """A copy that nobody could work in."""

    code = "copy-unusable"
    message = _("Nobody could work in this copy: it is gone from the database or behind this release.")


class OtherInstitution(Refusal):
    """A copy of somebody else's data."""

    code = "other-institution"
    message = _("This copy holds the data of another organisation (%(code)s).")


class InstitutionRetired(Refusal):
    """A retired institution's records are what they are."""

    code = "not-at-work"
    message = _("This institution is retired. Open it again first.")


def ask_archive(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> Archive:
    """Ask for a file of an institution's data, taken after commit ("hosting.take_archive"); operators only."""
    access.demand(by, rules.operates)
    with transaction.atomic():
        institution = lifecycle.lock_schema(institution_id)
        if not institution.has_schema:
            raise NoSchema
        archive = Archive.objects.create(institution_id=institution.id, asked_at=at, asked_by=by.account_id)
        lifecycle.note("institution.archive", institution.id, by=by, at=at, after={"archive": str(archive.pk)})
        later("hosting.take_archive", archive_id=str(archive.pk))
    return archive


def take_archive(*, archive_id: uuid.UUID, at: datetime) -> Archive:
    """Take the file that was asked for, of one consistent moment, into the private store; harmless to repeat."""
    with tenancy.open_public(), transaction.atomic():
        rows = Archive.objects.select_for_update(of=("self",))
        archive = rows.get(pk=archive_id)
        if archive.taken_at is not None:
            return archive
        institution = schema_queries.schema_of(archive.institution_id)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "archive.zip"
            manifest = export(institution=institution, file=file, at=at)
            with file.open("rb") as stream:
                path = f"archives/{institution.schema_name}/{archive.pk}.zip"
                archive.path = storages["default"].save(path, File(stream))
            archive.size = file.stat().st_size
        archive.taken_at, archive.digest, archive.rows = at, manifest.digest, manifest.rows
        archive.save(update_fields=["path", "size", "taken_at", "digest", "rows"])
        facts = audit.values(archive, "digest", "rows")
        lifecycle.note("institution.archived", institution.id, by=SYSTEM, at=at, after=facts)
    return archive


def export(*, institution: InstitutionSchema, file: Path, at: datetime) -> archives.Manifest:
    """Write an institution's schema to a file; refuses (NoSchema) one without."""
    if not institution.has_schema:
        raise NoSchema
    return archives.export_schema(institution.schema_name, file, about=_about(institution, at))


def _about(institution: InstitutionSchema, at: datetime) -> Mapping[str, str]:
    return {
        "institution": str(institution.id),
        "name": institution.name,
        "slug": institution.slug,
        "credit_code": institution.credit_code,
        "taken_at": at.isoformat(),
    }


def restore(*, file: Path, name: str, at: datetime) -> RestoredCopy:
    """Bring a file's data back under a name of its own, beside every institution; nobody works in it, nothing runs.

    Refuses (RestoreFailed) a file that was changed, that other code made, whose shared rows are not here, or a name
    that is taken.
    """
    if not methods.is_copy_name(name):
        raise RestoreFailed(why=_("a name is made of small letters, digits and hyphens"))
    schema = methods.copy_schema(name)
    with tenancy.open_public(), transaction.atomic():
        try:
            manifest = archives.restore_schema(file, schema)
        except archives.InvalidArchive as no:
            raise RestoreFailed(why=str(no)) from None
        about = manifest.about
        institution = schema_queries.schema_of_code(about["credit_code"])
        copy = RestoredCopy.objects.create(
            schema_name=schema,
            institution_id=institution.id if institution else None,
            source_name=about["name"],
            credit_code=about["credit_code"],
            taken_at=datetime.fromisoformat(about["taken_at"]),
            digest=manifest.digest,
            rows=manifest.rows,
            restored_at=at,
        )
        if institution is not None:
            facts = audit.values(copy, "digest", "rows")
            lifecycle.note("institution.restored", institution.id, by=SYSTEM, at=at, after=facts)
    return copy


def swap_copy(*, copy_id: int, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> RestoredCopy:
    """Let a restored copy and its institution's schema change places, by two renames in ONE transaction.

    What the institution worked in until now is the copy afterwards, so it can be taken back the same way; its chain of
    notes goes on from where the copy's ends, which is filed. Refuses a copy of another organisation's data or one that
    is gone or behind, an institution that is not at work, no reason, and anybody but an operator.
    """
    access.demand(by, rules.operates)
    why = reasons.require(reason, field="reason")
    with transaction.atomic():
        institution = lifecycle.lock_schema(institution_id)
        copy = RestoredCopy.objects.select_for_update().filter(pk=copy_id).first()
        if copy is None:
            raise NotFound
        if copy.credit_code != institution.credit_code:
            raise OtherInstitution(code=copy.credit_code)
        if not institution.has_schema:
            raise NoSchema
        if institution.read_only:
            raise InstitutionRetired
        if plans.fingerprints([copy.schema_name]).get(copy.schema_name) != plans.target_fingerprint():
            raise CopyUnusable
        before = copy.digest
        seals.lock(institution.schema_name)  # a sealer at work would file the end of what is a copy afterwards
        _swap_schemas(institution.schema_name, copy.schema_name)
        with tenancy.open_institution(institution.schema_name):
            seals.file_restored(audit.table_of("tenant_records"), at=clock.real_now())
        copy.digest, copy.taken_at, copy.restored_at = "", at, at
        copy.save(update_fields=["digest", "taken_at", "restored_at"])
        lifecycle.note("institution.swap_copy", institution.id, by=by, at=at, after={"digest": before}, why=why)
    return copy


def _swap_schemas(first: str, second: str) -> None:
    between = f"x_{uuid.uuid4().hex[:12]}"
    for old, new in ((first, between), (second, first), (between, second)):
        building.rename_schema(old, new)


def drop_copy(*, copy_id: int, by: Actor, at: datetime) -> None:
    """Take a restored copy away; refuses anybody but an operator."""
    access.demand(by, rules.operates)
    with transaction.atomic():
        copy = RestoredCopy.objects.select_for_update().filter(pk=copy_id).first()
        if copy is None:
            raise NotFound
        building.drop_schema(copy.schema_name)
        if copy.institution_id is not None:
            before = audit.values(copy, "schema_name")
            lifecycle.note("institution.copy_dropped", copy.institution_id, by=by, at=at, before=before)
        copy.delete()
