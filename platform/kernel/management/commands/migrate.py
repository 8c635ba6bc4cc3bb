"""The same as migrate_schemas, as django-tenants has it; what makes a test database asks for it by this name."""

from kernel.management.commands.migrate_schemas import Command

__all__ = ["Command"]
