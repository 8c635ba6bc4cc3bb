"""Sessions that belong to the schema of the host at which they began: an institution reaches its own alone."""

from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from kernel.db.statements import Bind, Statement
from kernel.tenancy import current_schema

_ALIVE: Statement[Any] = Statement(
    lambda: SessionStore.get_model_class().objects.filter(
        session_key=Bind("key", CharField()), expire_date__gt=Bind("now", DateTimeField())
    )
)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with its schema."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the table."""
        return apps.get_model("kernel", "Session")

    def _get_session_from_db(self) -> Any:
        """Return the row, or None and forget its key where it is unknown or has expired."""
        row = _ALIVE.first(key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return a row for the session as it is now."""
        row: Any = super().create_model_instance(data)
        row.schema = current_schema()
        return row
