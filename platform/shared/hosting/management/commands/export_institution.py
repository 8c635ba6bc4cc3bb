"""`manage.py export_institution SLUG FILE`: one institution's data in one file, of one consistent moment."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.errors import Refusal
from shared.institutions.queries import schemas as schema_queries

from ...operations import archives as hosting_archives


class Command(BaseCommand):
    """The command."""

    help = "Write one institution's schema to a file that restore_institution reads."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the institution and the file."""
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, slug: str, file: Path, **options: Any) -> None:
        """Write it, and say what it holds."""
        try:
            institution = schema_queries.schema_of_slug(slug)
            manifest = hosting_archives.export(institution=institution, file=file, at=clock.now())
        except Refusal as no:
            raise CommandError(str(no)) from None
        self.stdout.write(f"{manifest.rows} rows in {len(manifest.tables)} tables, digest {manifest.digest}")
