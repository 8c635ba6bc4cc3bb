"""`manage.py restore_institution FILE --as NAME [--at TIME] [--in-place-of SLUG]`: a file's data, beside the others."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.access import SYSTEM
from kernel.db.schemas import archives
from kernel.errors import Refusal
from shared.institutions.queries import schemas as schema_queries

from ...operations import archives as hosting_archives


class Command(BaseCommand):
    """The command."""

    help = "Bring a file of export_institution back, under a name of its own; checked against its digests."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the name, and which of several moments."""
        parser.add_argument("file", type=Path, help="a file, or a folder of files with --at")
        parser.add_argument("--as", dest="name", required=True, help="the copy's name, small letters and digits")
        parser.add_argument("--at", help="of a folder's files the last one taken until then (ISO 8601 with an offset)")
        parser.add_argument("--in-place-of", dest="slug", help="the institution whose schema it then replaces")

    def handle(self, *args: Any, file: Path, name: str, at: str | None, slug: str | None, **options: Any) -> None:
        """Restore it, and say what it holds."""
        try:
            chosen = _latest_until(file, at) if file.is_dir() else file
            copy = hosting_archives.restore(file=chosen, name=name, at=clock.now())
            if slug is not None:
                institution_id = schema_queries.schema_of_slug(slug).id
                copy = hosting_archives.swap_copy(
                    copy_id=copy.pk, institution_id=institution_id, reason=f"restored from {chosen.name}", by=SYSTEM,
                    at=clock.now(),
                )  # fmt: skip
        except Refusal as no:
            raise CommandError(str(no)) from None
        self.stdout.write(f"{copy.schema_name}: {copy.rows} rows of {copy.source_name}, as of {copy.taken_at:%F %T %z}")


def _latest_until(folder: Path, at: str | None) -> Path:
    """Return the file of a folder that holds the last moment until `at`; refuses (CommandError) where there is none."""
    until = clock.parse(at) if at else clock.now()
    if until is None:
        raise CommandError("--at must be an ISO 8601 time with an offset")
    candidates = []
    for file in sorted(folder.glob("*.zip")):
        try:
            taken_at = datetime.fromisoformat(archives.read_manifest(file).about["taken_at"])
        except archives.InvalidArchive:
            continue
        if taken_at <= until:
            candidates.append((taken_at, file))
    if not candidates:
        raise CommandError(f"no file in {folder.name} was taken until then")
    return max(candidates)[1]
