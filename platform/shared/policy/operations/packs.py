"""Load packs and authorities."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal

from ..methods.authorities import AuthorityFile, Listed, read_authorities
from ..methods.files import (
    LISTS,
    SHIPPED,
    FilesFaulty,
    files_in,
    head_of,
    lists_in,
    office_conflicts,
    pack_conflicts,
    read_files,
)
from ..models import Authority, PolicyPack
from ..queries import packs as pack_queries
from ..values.pack import Pack
from ..values.problems import PackFileError, Problem
from ..values.reading import PackFile, read, read_body
from ..values.writing import as_revision


class FileUnreadable(Invalid):
    """The file is not a pack or a list of authorities; the words say every line and key."""

    code = "policy-file-unreadable"
    message = _("The file cannot be loaded:\n%(problems)s")


class VersionTaken(Refusal):
    """Other content is loaded under this version: what decisions were made under never changes."""

    code = "policy-version-taken"
    message = _("%(version)s is loaded already with other content. Give the changed file a new revision.")


class PackMisplaced(Refusal):
    """The pack has another province's identifier, or a time that another pack of its province has."""

    code = "policy-pack-misplaced"
    message = _("The pack cannot stand beside those that are loaded: %(causes)s.")


class RevisionTooEarly(Invalid):
    """A new version begins tomorrow at the earliest."""

    code = "policy-revision-too-early"
    message = _("A new version takes effect after today (%(today)s) at the earliest.")


def load_packs(*, at: datetime, by: Actor = SYSTEM) -> list[str]:
    """Load the pack files that are shipped and those of the folder NUOXING_POLICY_PACKS; return their versions. What is
    loaded already stays as it is. All or nothing: every fault of every file is told, and nothing is loaded.
    """
    return _load([file for folder in _folders() for file in folder.glob("*.toml")], by=by, at=at)


def load_folder(*, folder: Path, at: datetime, by: Actor = SYSTEM) -> list[str]:
    """Load a folder's authorities (folder/authorities/*.toml) and packs (folder/*.toml), all or nothing; return the
    versions. The words of a refusal (FileUnreadable) say every file, line, key and cause.
    """
    return _load(files_in(folder), by=by, at=at)


def load_files(*, files: Sequence[Path], at: datetime, by: Actor = SYSTEM) -> list[str]:
    """Load packs and lists of authorities, as `load_folder` does those of a folder."""
    return _load(files, by=by, at=at)


def _folders() -> list[Path]:
    elsewhere: Path | None = settings.NUOXING_POLICY_PACKS
    return [SHIPPED, *([elsewhere] if elsewhere else [])]


def _load(files: Sequence[Path], *, by: Actor, at: datetime) -> list[str]:
    """Load files after all of them were read; return the versions of the packs in the order of the files."""
    try:
        readings = read_files(_in_order(files), heads=pack_queries.heads(), offices=_offices())
    except FilesFaulty as fault:
        raise FileUnreadable(problems=str(fault)) from None
    with transaction.atomic():
        for listing in readings.authorities.values():
            _save_authorities(listing, by=by, at=at)
        return [_save_pack(reading, by=by, at=at).version for reading in readings.packs.values()]


def _in_order(files: Sequence[Path]) -> list[Path]:
    """Return the files, each folder's by name, and what is shipped first."""
    return sorted(files, key=lambda file: (SHIPPED not in file.parents, file.name))


def missing_of(jurisdiction: str) -> list[str]:
    """Return what a province needs and does not have here: a list of its authorities, a pack. Nothing is missing where
    the platform can run for it.
    """
    missing = []
    if not Authority.objects.filter(code=jurisdiction).exists():
        missing.append(f"no list of authorities is loaded ({LISTS}/{jurisdiction}.toml)")
    if not PolicyPack.objects.filter(jurisdiction=jurisdiction).exists():
        missing.append(f'no pack is loaded (a file that says jurisdiction = "{jurisdiction}")')
    return missing


def _offices() -> dict[str, Sequence[str]]:
    provinces = Authority.objects.filter(parent=None).values_list("code", "name", "office")
    return {code: (name, office) for code, name, office in provinces}


def load_pack(*, text: str, by: Actor, at: datetime) -> Pack:
    """Load a pack file into an immutable row and return the pack; the same content again changes nothing.

    Refuses a file with faults (FileUnreadable: each line and key), one that cannot stand beside what is loaded
    (PackMisplaced), and other content under a loaded version (VersionTaken).
    """
    with _refusing_unreadable():
        reading = read(text)
    return _save_pack(reading, by=by, at=at)


def load_revision(*, body: Mapping[str, Any], effective_from: date, by: Actor, at: datetime) -> Pack:
    """Load an approved body as the next revision of its pack, in force from the day `effective_from`, and return it.

    Refuses a day that is not after the legal day of `at` (RevisionTooEarly: what was decided until now was decided
    under the version of its day), a body with faults (FileUnreadable), and a revision that somebody else loaded
    meanwhile (VersionTaken). Whoever approves it is the caller's to judge.
    """
    if effective_from <= legal_day(at):
        raise RevisionTooEarly(field="effective_from", today=legal_day(at).isoformat())
    revision = pack_queries.last_revision(str(body.get("id", ""))) + 1
    with _refusing_unreadable():
        reading = read_body(as_revision(body, revision=revision, effective_from=effective_from))
    return _save_pack(reading, by=by, at=at)


def _save_pack(reading: PackFile, *, by: Actor, at: datetime) -> Pack:
    pack = reading.pack
    others = [head for head in pack_queries.heads() if head.version != pack.version]
    if conflicts := list(pack_conflicts(head_of(reading), others)):
        raise PackMisplaced(causes="; ".join(what for _key, what in conflicts))
    with transaction.atomic():
        row, created = PolicyPack.objects.get_or_create(
            version=pack.version,
            defaults={
                "jurisdiction": pack.jurisdiction,
                "digest": reading.digest,
                "effective_from": pack.effective_from,
                "effective_to": pack.effective_to,
                "body": reading.body,
                "loaded_at": at,
                "loaded_by": by.account_id,
            },
        )
        if row.digest != reading.digest:
            raise VersionTaken(version=pack.version)
        if created:
            after = audit.values(row, "version", "digest", "effective_from", "effective_to")
            audit.note("policy.load", row, by=by, at=at, after=after, policy=pack.version)
    return pack


@contextmanager
def _refusing_unreadable() -> Iterator[None]:
    try:
        yield
    except PackFileError as fault:
        raise FileUnreadable(problems=str(fault)) from None


def load_authorities(*, at: datetime, by: Actor = SYSTEM) -> int:
    """Load the authority files that are shipped and those of NUOXING_POLICY_PACKS; return how many authorities and
    divisions they list. A list of NUOXING_POLICY_PACKS takes the place of the shipped one of its province.
    """
    return _load_lists(lists_in(_folders()), by=by, at=at)


def _load_lists(files: Sequence[Path], *, by: Actor, at: datetime) -> int:
    try:
        readings = read_files(_in_order(files), offices=_offices())
    except FilesFaulty as fault:
        raise FileUnreadable(problems=str(fault)) from None
    with transaction.atomic():
        return sum(_save_authorities(listing, by=by, at=at) for listing in readings.authorities.values())


def load_authority_list(*, text: str, by: Actor, at: datetime) -> int:
    """Load a file of authorities; return how many it lists. Names are corrected, nothing is ever removed.

    Refuses a file with faults (FileUnreadable), among them a code or an office of another province.
    """
    with _refusing_unreadable():
        listing = read_authorities(text)
        if taken := list(office_conflicts(listing, _offices())):
            raise PackFileError([Problem(None, key, what) for key, what in taken])
    return _save_authorities(listing, by=by, at=at)


def _save_authorities(listing: AuthorityFile, *, by: Actor, at: datetime) -> int:
    entries = listing.listed()
    with transaction.atomic():
        rows = {row.code: row for row in Authority.objects.select_for_update().order_by("pk")}
        for entry in entries:
            _save_authority(rows, entry, by=by, at=at)
    return len(entries)


def _save_authority(known: dict[str, Authority], entry: Listed, *, by: Actor, at: datetime) -> None:
    fields = (
        "level", "name", "name_en", "office", "office_en", "pseudo", "enrolment_centre", "enrolment_centre_en",
    )  # fmt: skip
    target = {name: getattr(entry, name) for name in fields} | {
        "parent_id": known[entry.parent].pk if entry.parent else None
    }
    row = known.get(entry.code)
    if row is None:
        known[entry.code] = Authority.objects.create(code=entry.code, **target)
        return
    before = audit.values(row, *fields)
    if all(getattr(row, name) == value for name, value in target.items()):
        return
    for name, value in target.items():
        setattr(row, name, value)
    row.save(update_fields=list(target))
    audit.note("policy.authority", row, by=by, at=at, before=before, after=audit.values(row, *fields))
