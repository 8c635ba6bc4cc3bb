"""Compare every figure that is kept beside the rows it is counted from with these rows, and count it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import rollups, tenancy


class Command(BaseCommand):
    """manage.py recompute_rollups [--check]: names the figures that differ, in the shared schema and all others."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to compare only."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail where a figure differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Do it."""
        count = 0
        for schema in ("public", *tenancy.schemas(retired=True)):
            for line in rollups.differing(schema, mend=not check):
                self.stdout.write(f"{schema}: {line}")
                count += 1
        if check and count:
            raise CommandError(f"{count} figures are not what their rows say; without --check they are counted again")
        self.stdout.write(f"{count} figures counted again" if count else "every figure is what its rows say")
