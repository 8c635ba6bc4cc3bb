"""The gateway's own connection, opened again after the database was unavailable, and the names of its tables."""

import asyncio
import time
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from kernel.db import roles

RETRY_SECONDS = 0.5
CONNECT_SECONDS = 5


class DatabaseUnavailable(Exception):
    """The database cannot be reached now."""


def conninfo() -> str:
    """Return how to reach the database that Django uses (which tests exchange)."""
    database: dict[str, Any] = settings.DATABASES["default"]
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    values = {key: str(database[name]) for key, name in parts.items() if database.get(name)}
    return make_conninfo("", connect_timeout=CONNECT_SECONDS, application_name="nuoxing gateway", **values)


class Connection:
    """One connection, opened when needed and again when lost; DatabaseUnavailable at once while there is none."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._unavailable_until = 0.0
        self._lock = asyncio.Lock()

    async def acquire(self) -> psycopg.AsyncConnection[Any]:
        """Return the open connection; DatabaseUnavailable where none can be had."""
        async with self._lock:
            if self._connection is not None and not self._connection.closed and not self._connection.broken:
                return self._connection
            if time.monotonic() < self._unavailable_until:
                raise DatabaseUnavailable
            try:
                self._connection = await psycopg.AsyncConnection.connect(conninfo(), autocommit=True)
                if settings.NUOXING_ROLES:  # it may append to answer and event logs, and nothing besides
                    role = sql.Identifier(roles.live_role())
                    await self._connection.execute(sql.SQL("SET ROLE {}").format(role))
            except psycopg.Error as fault:
                self._unavailable_until = time.monotonic() + RETRY_SECONDS
                raise DatabaseUnavailable from fault
            return self._connection

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


def table(schema: str, name: str) -> sql.Identifier:
    """Return a table's quoted, qualified name. The schema comes from the Domain table, never from the client."""
    return sql.Identifier(schema, name)
