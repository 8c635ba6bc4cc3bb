"""Build the schemas of listed institutions that have none yet; `migrate_schemas --tenant` needs them all."""

from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from shared.institutions import operations, queries


class Command(BaseCommand):
    """The command."""

    help = "Build the schemas of listed institutions that have none yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build them one by one."""
        for institution_id in queries.unready():
            operations.build_schema(institution_id=institution_id, at=clock.now())
            self.stdout.write(f"built {institution_id}")
