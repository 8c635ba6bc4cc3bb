"""Load packs and authorities."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal

from ..methods.authorities import Listed, read_authorities
from ..models import Authority, PolicyPack
from ..queries import packs as pack_queries
from ..values.pack import Pack
from ..values.reading import PackFile, PackFileError, read, read_body
from ..values.writing import as_revision

APP_FOLDER = Path(__file__).parents[1]
Loaded = TypeVar("Loaded")


class FileUnreadable(Invalid):
    """The file is not a pack or a list of authorities; the words say every line and key."""

    code = "policy-file-unreadable"
    message = _("The file cannot be loaded:\n%(problems)s")


class VersionTaken(Refusal):
    """Other content is loaded under this version: what decisions were made under never changes."""

    code = "policy-version-taken"
    message = _("%(version)s is loaded already with other content. Give the changed file a new revision.")


class RevisionTooEarly(Invalid):
    """A new version begins tomorrow at the earliest."""

    code = "policy-revision-too-early"
    message = _("A new version takes effect after today (%(today)s) at the earliest.")


def load_packs(*, at: datetime, by: Actor = SYSTEM) -> list[str]:
    """Load the pack files that are shipped and those of the folder NUOXING_POLICY_PACKS; return their versions. What is
    loaded already stays as it is. All or nothing: one refused file, and nothing is loaded.
    """
    with transaction.atomic():
        return [_load_named(file, load_pack, by=by, at=at).version for folder in _folders() for file in _files(folder)]


def load_folder(*, folder: Path, at: datetime, by: Actor = SYSTEM) -> list[str]:
    """Load a folder's authorities (folder/authorities/*.toml) and packs (folder/*.toml), all or nothing; return the
    versions. The words of a refusal begin with the file's name.
    """
    with transaction.atomic():
        for file in _files(folder / "authorities"):
            _load_named(file, load_authority_list, by=by, at=at)
        return [_load_named(file, load_pack, by=by, at=at).version for file in _files(folder)]


def _folders() -> list[Path]:
    elsewhere: Path | None = settings.NUOXING_POLICY_PACKS
    return [APP_FOLDER / "packs", *([elsewhere] if elsewhere else [])]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def _load_named(file: Path, load: Callable[..., Loaded], *, by: Actor, at: datetime) -> Loaded:
    try:
        return load(text=file.read_text(encoding="utf-8"), by=by, at=at)
    except FileUnreadable as fault:
        raise FileUnreadable(problems=f"{file.name}:\n{fault.params['problems']}") from None


def load_pack(*, text: str, by: Actor, at: datetime) -> Pack:
    """Load a pack file into an immutable row and return the pack; the same content again changes nothing.

    Refuses a file with faults (FileUnreadable: each line and key) and other content under a loaded version
    (VersionTaken).
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
    divisions they list.
    """
    with transaction.atomic():
        files = [file for folder in _folders() for file in _files(folder / "authorities")]
        return sum(_load_named(file, load_authority_list, by=by, at=at) for file in files)


def load_authority_list(*, text: str, by: Actor, at: datetime) -> int:
    """Load a file of authorities; return how many it lists. Names are corrected, nothing is ever removed."""
    with _refusing_unreadable():
        entries = read_authorities(text).listed()
    with transaction.atomic():
        rows = {row.code: row for row in Authority.objects.select_for_update().order_by("pk")}
        for entry in entries:
            _save_authority(rows, entry, by=by, at=at)
    return len(entries)


def _save_authority(known: dict[str, Authority], entry: Listed, *, by: Actor, at: datetime) -> None:
    fields = ("level", "name", "name_en", "office", "office_en", "pseudo")
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
