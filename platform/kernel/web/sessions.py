"""Sessions that belong to the schema of the host at which they began: an institution reaches its own alone."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from kernel.tenancy import current_schema


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with its schema."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the table."""
        return apps.get_model("kernel", "Session")

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return a row for the session as it is now."""
        row: Any = super().create_model_instance(data)
        row.schema = current_schema()
        return row
