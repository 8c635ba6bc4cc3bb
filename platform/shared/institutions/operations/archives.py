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

from kernel import audit, schemas, tenancy
from kernel.access import SECOND_FACTOR, SYSTEM, Actor, Denied, SecondFactorNeeded
from kernel.errors import NotFound, Refusal
from kernel.later import later

from .. import methods, rules
from ..models import Archive, Institution, Organisation, RestoredCopy


class NoSchema(Refusal):
    """There is nothing to carry away."""

    code = "no-schema"
    message = _("This institution has no data of its own here: its schema is being set up, or was deleted.")


class RestoreFailed(Refusal):
    """A file that cannot be brought back here."""

    code = "not-restored"
    status = 422
    message = _("This file was not restored: %(why)s.")


class OtherInstitution(Refusal):
    """A copy of somebody else's data."""

    code = "other-institution"
    message = _("This copy holds the data of another organisation (%(code)s).")


class InstitutionRetired(Refusal):
    """A retired institution's records are what they are."""

    code = "not-at-work"
    message = _("This institution is retired. Open it again first.")


def require_operator(by: Actor) -> None:
    """Refuse anybody but an operator with a second factor, or the platform itself."""
    if by.system:
        return
    if not rules.may_operate(by):
        raise Denied
    if by.level < SECOND_FACTOR:
        raise SecondFactorNeeded


def lock_institution(institution_id: uuid.UUID) -> Institution:
    """Return an institution, locked until the end of the transaction; refuses (NotFound) an unknown one."""
    rows = Institution.objects.select_for_update(of=("self",)).select_related("organisation")
    institution: Institution | None = rows.filter(pk=institution_id).first()
    if institution is None:
        raise NotFound
    return institution


def ask_archive(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> Archive:
    """Ask for a file of an institution's data, taken after commit ("institutions.take_archive"); operators only."""
    require_operator(by)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        if not institution.has_schema:
            raise NoSchema
        archive = Archive.objects.create(institution=institution, asked_at=at, asked_by=by.account_id)
        audit.note("institution.archive", institution, by=by, at=at, after={"archive": str(archive.pk)})
        later("institutions.take_archive", archive_id=str(archive.pk))
    return archive


def take_archive(*, archive_id: uuid.UUID, at: datetime) -> Archive:
    """Take the file that was asked for, of one consistent moment, into the private store; harmless to repeat."""
    with tenancy.open_public(), transaction.atomic():
        rows = Archive.objects.select_for_update(of=("self",)).select_related("institution__organisation")
        archive = rows.get(pk=archive_id)
        if archive.taken_at is not None:
            return archive
        with TemporaryDirectory() as folder:
            file = Path(folder) / "archive.zip"
            manifest = export(institution=archive.institution, file=file, at=at)
            with file.open("rb") as stream:
                path = f"archives/{archive.institution.schema_name}/{archive.pk}.zip"
                archive.path = storages["default"].save(path, File(stream))
            archive.size = file.stat().st_size
        archive.taken_at, archive.digest, archive.rows = at, manifest.digest, manifest.rows
        archive.save()
        facts = audit.values(archive, "digest", "rows")
        audit.note("institution.archived", archive.institution, by=SYSTEM, at=at, after=facts)
    return archive


def export(*, institution: Institution, file: Path, at: datetime) -> schemas.Manifest:
    """Write an institution's schema to a file; refuses (NoSchema) one without."""
    if not institution.has_schema:
        raise NoSchema
    return schemas.export_schema(institution.schema_name, file, about=_about(institution, at))


def _about(institution: Institution, at: datetime) -> Mapping[str, str]:
    return {
        "institution": str(institution.pk),
        "name": institution.name,
        "slug": institution.slug,
        "credit_code": institution.organisation.credit_code,
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
            manifest = schemas.restore_schema(file, schema)
        except schemas.InvalidArchive as no:
            raise RestoreFailed(why=str(no)) from None
        about = manifest.about
        organisation = Organisation.objects.filter(credit_code=about["credit_code"]).first()
        institution = Institution.objects.filter(organisation=organisation).first() if organisation else None
        copy = RestoredCopy.objects.create(
            schema_name=schema,
            institution=institution,
            source_name=about["name"],
            credit_code=about["credit_code"],
            taken_at=datetime.fromisoformat(about["taken_at"]),
            digest=manifest.digest,
            rows=manifest.rows,
            restored_at=at,
        )
        if institution is not None:
            facts = audit.values(copy, "digest", "rows")
            audit.note("institution.restored", institution, by=SYSTEM, at=at, after=facts)
    return copy


def swap_copy(*, copy_id: int, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> RestoredCopy:
    """Let a restored copy and its institution's schema change places, by two renames in ONE transaction.

    What the institution worked in until now is the copy afterwards, so it can be taken back the same way. Refuses a
    copy of another organisation's data, an institution that is not at work, and anybody but an operator.
    """
    require_operator(by)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        copy = RestoredCopy.objects.select_for_update().filter(pk=copy_id).first()
        if copy is None:
            raise NotFound
        if copy.credit_code != institution.organisation.credit_code:
            raise OtherInstitution(code=copy.credit_code)
        if not institution.has_schema:
            raise NoSchema
        if institution.read_only:
            raise InstitutionRetired
        before = copy.digest
        _swap_schemas(institution.schema_name, copy.schema_name)
        copy.digest, copy.taken_at, copy.restored_at = "", at, at
        copy.save(update_fields=["digest", "taken_at", "restored_at"])
        audit.note("institution.swap_copy", institution, by=by, at=at, after={"digest": before}, why=reason.strip())
    return copy


def _swap_schemas(first: str, second: str) -> None:
    between = f"x_{uuid.uuid4().hex[:12]}"
    for old, new in ((first, between), (second, first), (between, second)):
        schemas.rename_schema(old, new)


def drop_copy(*, copy_id: int, by: Actor, at: datetime) -> None:
    """Take a restored copy away; refuses anybody but an operator."""
    require_operator(by)
    with transaction.atomic():
        rows = RestoredCopy.objects.select_for_update(of=("self",)).select_related("institution")
        copy = rows.filter(pk=copy_id).first()
        if copy is None:
            raise NotFound
        schemas.drop_schema(copy.schema_name)
        if copy.institution is not None:
            before = audit.values(copy, "schema_name")
            audit.note("institution.copy_dropped", copy.institution, by=by, at=at, before=before)
        copy.delete()
