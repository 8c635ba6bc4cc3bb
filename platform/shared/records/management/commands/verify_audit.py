"""Check the hash chains of all notes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import tenancy

from ... import queries


class Command(BaseCommand):
    """manage.py verify_audit: names changed, removed or reordered notes, and how many are not sealed yet."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the schemas to check."""
        parser.add_argument("--schema", action="append", help="check this schema only (may be given again)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each schema and end with an error where a chain is broken."""
        broken = 0
        for schema in options["schema"] or ["public", *tenancy.schemas(retired=True)]:
            with tenancy.open_institution(schema):
                report = queries.chain_report("kernel" if schema == "public" else "tenant_records")
            self.stdout.write(f"{schema}: {report.sealed} sealed, {report.unsealed} not sealed yet")
            for fault in report.faults:
                self.stdout.write(f"  seal {fault.seal_no}: {fault.what} (note {fault.row_id})")
            broken += len(report.faults)
        if broken:
            raise CommandError(f"{broken} sealed notes are not as they were sealed")
