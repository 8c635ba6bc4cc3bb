"""Check the hash chains of all notes against their seals and against the heads that were filed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import seals, tenancy

from ... import queries


class Command(BaseCommand):
    """manage.py verify_audit: names changed, removed, reordered or forged notes, and how many are not sealed yet."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the schemas to check, and heads that were written down."""
        parser.add_argument(
            "--schema", action="append", help="check this schema only, an institution's or a restored copy's"
        )
        parser.add_argument("--head", action="append", default=[], help="a head written down before: does it stand?")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the filed heads and each schema, and end with an error where something is not as it was."""
        faults = [f"filed head {number}: changed, or one before it removed" for number in seals.verify_heads()]
        faults += [f"filed head {mark}: it is not there" for mark in options["head"] if not seals.stands(mark)]
        if not options["schema"]:
            faults += [f"{schema}: the whole chain is gone" for schema in queries.missing_chains()]
        for line in faults:
            self.stdout.write(line)
        count = len(faults)
        institutions = tenancy.schemas(retired=True)
        missing = set(queries.missing_chains())
        for schema in options["schema"] or ["public", *institutions]:
            if schema in missing:
                continue
            report = self._report(schema, is_copy=schema not in ("public", *institutions))
            self._write(report)
            count += len(report.faults)
        if count:
            raise CommandError(f"{count} places in the audit are not as they were sealed and filed")

    @staticmethod
    def _report(schema: str, *, is_copy: bool) -> queries.ChainReport:
        if is_copy:
            return queries.copy_report(schema)
        with tenancy.open_institution(schema):
            return queries.chain_report("kernel" if schema == "public" else "tenant_records")

    def _write(self, report: queries.ChainReport) -> None:
        before = f" ({report.before_key} before there was a key)" if report.before_key else ""
        head = (
            f"head {report.head.mark} filed {report.head.at:%Y-%m-%d %H:%M:%S %Z}" if report.head else "no head filed"
        )
        self.stdout.write(f"{report.schema}: {report.sealed} sealed{before}, {report.unsealed} not sealed yet, {head}")
        for fault in report.faults:
            place = (
                f"seal {fault.seal_no}"
                if fault.count == 1
                else f"seals {fault.seal_no}–{fault.seal_no + fault.count - 1}"
            )
            note = f" (note {fault.row_id})" if fault.row_id is not None else ""
            self.stdout.write(f"  {place}: {fault.what}{note}")
