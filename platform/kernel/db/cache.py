"""The cache where no Redis is: rows of one table, so that all processes count together (settings.CACHES).

It holds what must be counted or remembered for seconds to a day: attempts, and codes that were used. Each verb is one
statement, so that two processes cannot both be the first. Keys are kept as keyed hashes, for addresses and numbers of
people stand in them; values are JSON. A count made in a transaction that is undone is undone as well: callers count
before they begin one.
"""

import json
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from kernel import clock, tenancy
from kernel.crypto import blind

_FOR_GOOD = f"{clock.YEARS[-1]}-12-31"
_EXPIRY = f"COALESCE(statement_timestamp() + %(seconds)s::float8 * interval '1 second', '{_FOR_GOOD}')"
_UPSERT = (
    "INSERT INTO public.kernel_cacheentry AS entry (key, value, expires_at)"  # noqa: S608 - no text of others'
    f" VALUES (%(key)s, %(value)s::jsonb, {_EXPIRY})"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at"
)
_ALIVE = "key = %(key)s AND expires_at > statement_timestamp()"
SET = _UPSERT
ADD = f"{_UPSERT} WHERE entry.expires_at <= statement_timestamp()"
GET = f"SELECT value FROM public.kernel_cacheentry WHERE {_ALIVE}"  # noqa: S608 - as above
INCREMENT = (
    "UPDATE public.kernel_cacheentry SET value = to_jsonb(value::bigint + %(delta)s)"  # noqa: S608 - as above
    f" WHERE {_ALIVE} RETURNING value::bigint"
)
TOUCH = f"UPDATE public.kernel_cacheentry SET expires_at = {_EXPIRY} WHERE {_ALIVE}"  # noqa: S608 - as above
DELETE = f"DELETE FROM public.kernel_cacheentry WHERE {_ALIVE}"  # noqa: S608 - as above
CLEAR = "DELETE FROM public.kernel_cacheentry"
EXPIRE = "DELETE FROM public.kernel_cacheentry WHERE expires_at <= statement_timestamp()"


class PostgresCache(BaseCache):
    """Django's cache in the shared schema."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        """Keep the defaults; the table is always the same."""
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Hold a value unless there is one; say whether it was held."""
        return self._write(ADD, key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value that is held, or `default`."""
        _count, row = _execute(GET, self._named(key, version))
        return default if row is None else json.loads(row[0])

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Hold a value."""
        self._write(SET, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Hold what is held for longer; say whether there is anything."""
        count, _row = _execute(TOUCH, self._named(key, version) | {"seconds": self._seconds(timeout)})
        return count > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; say whether there was one."""
        count, _row = _execute(DELETE, self._named(key, version))
        return count > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a number that is held and return it; ValueError where none is."""
        _count, row = _execute(INCREMENT, self._named(key, version) | {"delta": delta})
        if row is None:
            raise ValueError("nothing is held under this key")
        return int(row[0])

    def clear(self) -> None:
        """Forget everything."""
        _execute(CLEAR)

    def _write(self, statement: str, key: Any, value: Any, timeout: Any, version: int | None) -> bool:
        values = {"value": json.dumps(value), "seconds": self._seconds(timeout)}
        count, _row = _execute(statement, self._named(key, version) | values)
        return count > 0

    def _named(self, key: Any, version: int | None) -> dict[str, Any]:
        return {"key": blind(self.make_key(key, version=version))}

    def _seconds(self, timeout: Any) -> float | None:
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout


def _execute(statement: str, values: Mapping[str, Any] | None = None) -> tuple[int, Any]:
    """Run a statement on the platform's side, for no institution has a right on what is counted; return how many rows
    it met, and the first that it returned.
    """
    with nullcontext() if tenancy.in_public() else tenancy.open_public(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount, cursor.fetchone() if cursor.description else None


def expire() -> int:
    """Delete what has expired; return how much it was."""
    return _execute(EXPIRE)[0]
