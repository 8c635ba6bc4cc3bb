"""Bring every institution's schema to what the code expects, by sets; names what failed and leaves the others done."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from kernel import clock
from kernel.db.schemas.migrating import LOCK_MS, Migrator, Outcome
from shared.institutions.queries import listing as institution_listing_queries

from ... import queries
from ...operations import listing as hosting_listing
from ...operations import migrating


class Command(BaseCommand):
    """The command."""

    help = "Migrate the schemas of all institutions, spare schemas and restored copies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long a table's lock may be waited for."""
        parser.add_argument("--lock-ms", type=int, default=LOCK_MS, help="how long to wait for a table in use")

    def handle(self, *args: Any, lock_ms: int, verbosity: int, **options: Any) -> None:
        """Build what is missing, migrate what is behind, and say what was done."""
        for institution_id in institution_listing_queries.without_schema():
            hosting_listing.build_schema(institution_id=institution_id, at=clock.now())
        number = migrating.begin_migration(schema_count=len(queries.all_schemas()), at=clock.now())
        outcomes = self._migrate(lock_ms, quiet=verbosity == 0)
        run = migrating.end_migration(number=number, outcomes=outcomes, at=clock.now())
        if verbosity:
            self.stdout.write(", ".join(f"{count} {how}" for how, count in sorted(run.counts.items())) or "no schema")
        if run.failures:
            raise CommandError("\n".join(f"{schema}: {why}" for schema, why in run.failures))

    def _migrate(self, lock_ms: int, *, quiet: bool) -> list[Outcome]:
        """Migrate until no schema is found that was not seen before: one may be listed meanwhile."""
        outcomes: list[Outcome] = []
        console = Console(stderr=True, quiet=quiet)
        with Progress(console=console, transient=True) as bar:
            task = bar.add_task("schemas", total=None)
            while new := [name for name in queries.all_schemas() if name not in {one.schema for one in outcomes}]:
                bar.update(task, total=len(outcomes) + len(new))
                outcomes += Migrator(on_outcome=lambda _outcome: bar.advance(task), lock_ms=lock_ms).run(new)
        existing = set(queries.all_schemas())  # a spare that was handed out meanwhile was seen under its new name
        return [one for one in outcomes if one.status != "failed" or one.schema in existing]
