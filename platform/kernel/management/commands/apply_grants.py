"""Bring roles, grants and row security to what is declared; says how many shared tables had to change."""

from typing import Any

from django.core.management.base import BaseCommand

from kernel import tenancy
from kernel.db import roles, row_security


class Command(BaseCommand):
    """manage.py apply_grants."""

    help = "Brings roles, grants and row security to what the models declare; harmless to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        changed = row_security.apply()
        schemas = tenancy.schemas(retired=True)
        for schema in schemas:
            roles.grant_schema(schema)
        self.stdout.write(f"{changed} shared tables changed, {len(schemas)} schemas owned")
