"""The set-wise migration under django-tenants' own command: `migrate_schemas --executor setwise`."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError
from django_tenants.migration_executors.base import MigrationExecutor, run_migrations

from kernel.db.schemas.migrating import Migrator


class SetWise(MigrationExecutor):  # type: ignore[misc]  # django-tenants is untyped
    """Public by the stock executor, institutions by sets; django-tenants finds it by its codename."""

    codename = "setwise"

    def run_migrations(self, tenants: Iterable[str] | None = None) -> None:
        """Migrate these schemas; refuses (CommandError), after the others are done, naming those that failed."""
        names = list(tenants or [])
        if self.PUBLIC_SCHEMA_NAME in names:
            names.remove(self.PUBLIC_SCHEMA_NAME)
            run_migrations(self.args, self.options, self.codename, self.PUBLIC_SCHEMA_NAME)
        failed = [one for one in Migrator().run(names) if one.status == "failed"]
        if failed:
            raise CommandError("\n".join(f"{one.schema}: {one.why}" for one in failed))

    def run_multi_type_migrations(self, tenants: Any) -> None:
        """There is one type of institution."""
        self.run_migrations([name for name, _type in tenants])
