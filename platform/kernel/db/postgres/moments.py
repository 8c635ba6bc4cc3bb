"""Moments as they come from PostgreSQL, read by Python's own parser: psycopg's takes fifty times as long."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader

UTC_ENDING = "+00"


class UtcLoader(BaseTzLoader):
    """Read a timestamptz of a session whose zone is UTC, as every connection of Django's is where USE_TZ is on."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        """Return the moment; what Python's parser does not know is psycopg's: other zones, years it has no room for."""
        text = str(data, "ascii")
        if text.endswith(UTC_ENDING):
            try:
                return datetime.fromisoformat(text)
            except ValueError:  # a year beyond 9999
                pass
        moment: datetime = super().load(data)
        return moment
