"""Making an institution's schema: the kernel is the only one who touches a schema as such."""

from django.core.management import call_command
from django.db import connection
from django_tenants.postgresql_backend.base import is_valid_schema_name
from django_tenants.utils import quote_schema_name

from kernel import tenancy


def build_schema(name: str) -> None:
    """Make the schema `name` if there is none and bring its tables up to date; harmless to repeat.

    Works inside an open transaction (the outbox row's, kernel.later): then all of it stands after commit or none of it.
    Refuses (ValueError) what is no name of a schema.
    """
    if not is_valid_schema_name(name):
        raise ValueError(f"{name!r} is no name of a schema")
    with tenancy.open_public():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_schema_name(name)}")
        call_command("migrate_schemas", tenant=True, schema_name=name, interactive=False, verbosity=0)
