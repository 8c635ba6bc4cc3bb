"""Migrations, run by the owner of the tables; afterwards the rights of what was migrated are what is declared."""

from typing import Any

from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from django_tenants.signals import schema_migrated
from django_tenants.utils import get_public_schema_name

from kernel import tenancy
from kernel.db import roles, row_security
from kernel.db.schemas import executor  # noqa: F401  # django-tenants finds it as a subclass of its own
from kernel.db.schemas.states import options_without_rendering


class Command(MigrateSchemasCommand):  # type: ignore[misc]  # django-tenants is untyped
    """django-tenants' command with roles."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as the owner."""
        schema_migrated.connect(apply_rights, dispatch_uid="grants")
        with tenancy.as_owner(), options_without_rendering():
            super().handle(*args, **options)


def apply_rights(schema_name: str, **kwargs: Any) -> None:
    """Give a schema's role, or institutions as such, the rights on what was just migrated."""
    if schema_name == get_public_schema_name():
        row_security.apply()
    else:
        roles.grant_schema(schema_name)
