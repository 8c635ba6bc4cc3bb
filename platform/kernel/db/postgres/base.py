"""The connection on which opening a schema also takes its role: one statement sets both, where either has changed.

Inside an institution its own role acts, in the shared schema the platform's, and under `as_owner` the login itself.
SET is transactional: after every roll-back, also to a savepoint, and on every new or pooled connection both are set
anew before the next statement. A role that cannot be taken is an error, never a statement run as somebody else.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql.base import CursorDebugWrapper
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresSchemaEditor
from django.db.backends.utils import CursorWrapper
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_public_schema_name
from psycopg import pq, sql
from psycopg_pool import PoolTimeout

from kernel.db import bounds, roles
from kernel.db.postgres.moments import UtcLoader
from kernel.db.postgres.recovery import PROBE_PATIENCE, Recovery, ServerAway, is_dead

_recovery = Recovery()


class DatabaseSchemaEditor(PostgresSchemaEditor):
    """Tables are the owner's: whoever edits them acts as the login. Each table has its bounds (kernel.db.bounds)."""

    def table_sql(self, model: Any) -> tuple[str, Any]:
        """Return the statement that makes a table, with its bounds."""
        statement, params = super().table_sql(model)
        check = bounds.check_of(model._meta.local_concrete_fields)
        if check is None:
            return statement, params
        name = bounds.name_of(model._meta.db_table)
        return f'{statement.removesuffix(")")}, CONSTRAINT "{name}" CHECK ({check}))', params

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column, and bounds of it."""
        super().add_field(model, field)
        self._bound(model, [*model._meta.local_concrete_fields, field])

    def remove_field(self, model: Any, field: Any) -> None:
        """Take a column away, with which PostgreSQL takes the table's check."""
        super().remove_field(model, field)
        self._bound(model, [one for one in model._meta.local_concrete_fields if one.name != field.name])

    def alter_field(self, model: Any, old_field: Any, new_field: Any, strict: bool = False) -> None:
        """Change a column, and bounds of it: those of another type would not let it become one of this."""
        fields = [new_field if f.name == old_field.name else f for f in model._meta.local_concrete_fields]
        if bounds.check_of(fields) != bounds.check_of(model._meta.local_concrete_fields):
            self.execute(bounds.drop(model._meta.db_table))
        super().alter_field(model, old_field, new_field, strict)
        self._bound(model, fields)

    def alter_db_table(self, model: Any, old_db_table: str, new_db_table: str) -> None:
        """Rename a table, and the check of its bounds with it."""
        super().alter_db_table(model, old_db_table, new_db_table)
        if old_db_table != new_db_table:
            self.execute(bounds.drop(new_db_table, bounds.name_of(old_db_table)))
            self.execute(bounds.declare(new_db_table, model._meta.local_concrete_fields))

    def _bound(self, model: Any, fields: list[Any]) -> None:
        """Declare a table's bounds anew where they are others than before."""
        if bounds.check_of(fields) != bounds.check_of(model._meta.local_concrete_fields):
            self.execute(bounds.declare(model._meta.db_table, fields))

    def __enter__(self) -> "DatabaseSchemaEditor":
        """Act as the owner, then begin."""
        self._owner: AbstractContextManager[None] = self.connection.as_owner()  # type: ignore[attr-defined]  # as below
        self._owner.__enter__()
        try:
            super().__enter__()
        except BaseException:
            self._owner.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *fault: Any) -> None:
        """Run what was put off, and be who we were."""
        try:
            super().__exit__(*fault)
        finally:
            self._owner.__exit__(None, None, None)


class DatabaseOperations(PostgresOperations):
    """Emptying tables (tests) is the owner's as well."""

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Run the statements as the owner."""
        with self.connection.as_owner():  # type: ignore[attr-defined]  # the connection is ours
            super().execute_sql_flush(sql_list)


class _RoleCursor(CursorWrapper):
    """A cursor that is who it should be at every statement, not only when it was opened."""

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        self.db._handle_search_path()
        return super()._execute(sql, params, *ignored)  # type: ignore[misc]  # the stubs leave it out

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        self.db._handle_search_path()
        return super()._executemany(sql, param_list, *ignored)  # type: ignore[misc]  # as above


class _RoleDebugCursor(_RoleCursor, CursorDebugWrapper):
    """The same where queries are logged."""


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # django-tenants is untyped
    """django-tenants' connection with roles."""

    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is set on the connection to come."""
        self._session_state: tuple[str | None, bool, bool] | None = None  # for what search path and role are set
        self._owner_depth = 0
        super().__init__(*args, **kwargs)

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act as the login that owns the tables."""
        self._owner_depth += 1
        try:
            yield
        finally:
            self._owner_depth -= 1

    def make_cursor(self, cursor: Any) -> _RoleCursor:
        """Return the cursor, bound to its role."""
        return _RoleCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> _RoleDebugCursor:
        """Return the same, logging."""
        return _RoleDebugCursor(cursor, self)

    @property
    def _acts_as_login(self) -> bool:
        return self._owner_depth > 0 or self.alias == NO_DB_ALIAS or not settings.NUOXING_ROLES

    @property
    def expected_role(self) -> str:
        """Return the role that the next statement runs under; "none" is the login."""
        if self._acts_as_login:
            return "none"
        if self.schema_name == get_public_schema_name():
            return roles.platform_role()
        return roles.role_of(str(self.schema_name))

    def close(self) -> None:
        """Forget what was set: the next connection is another."""
        self._session_state = None
        super().close()

    def connect(self) -> None:
        """Forget what was set, as a pooled connection may have been anybody's."""
        self._session_state = None
        super().connect()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that reads moments fast, and is no dead one of a pool."""
        connection = self._from_pool(conn_params) if self.pool else super().get_new_connection(conn_params)
        if self.timezone == UtcLoader.timezone:
            connection.adapters.register_loader("timestamptz", UtcLoader)
        return connection

    def _from_pool(self, conn_params: dict[str, Any]) -> Any:
        """Return a living connection of the pool; psycopg.OperationalError at once while the server is away."""
        for _attempt in range(2):
            if _recovery.is_lost:
                _recovery.find(conn_params | {"connect_timeout": PROBE_PATIENCE})
            try:
                connection = super().get_new_connection(conn_params)
            except PoolTimeout:
                self._tell_busy_from_away(conn_params)
                raise
            if not is_dead(connection):
                return connection
            connection.close()
            connection._pool.putconn(connection)
            self._give_up_pool()
        raise ServerAway("the server ended a connection that it had just made")

    def _tell_busy_from_away(self, conn_params: dict[str, Any]) -> None:
        try:
            _recovery.find(conn_params)
        except psycopg.OperationalError:
            self._give_up_pool()
            raise

    def _give_up_pool(self) -> None:
        """Let nobody wait for connections to a server that is away, nor be given dead ones: the next pool is new."""
        _recovery.lose()
        pool = self._connection_pools.pop(self.alias, None)
        if pool is not None:
            pool.close(timeout=0)

    def _close(self) -> None:
        """Return the connection to its pool; one that the server ended says that the server went away."""
        if self.connection is not None and self.pool and self.connection.closed:
            self._give_up_pool()
        super()._close()

    def rollback(self) -> None:
        """Forget what was set: the roll-back has undone it, or not."""
        self._session_state = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        """Forget what was set after the savepoint."""
        try:
            super().savepoint_rollback(sid)
        finally:
            self._session_state = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set the search path and the role in one statement, where the connection has others.

        It goes past Django's log of queries, so that what tests count are the questions asked.
        """
        expected = (self.schema_name, self.include_public_schema, self._acts_as_login)
        if expected == self._session_state or self.connection is None:
            return
        if self.connection.info.transaction_status == pq.TransactionStatus.INERROR:
            return
        role = self.expected_role
        statement = sql.SQL("SET search_path = {}; SET ROLE {}").format(
            sql.SQL(", ").join(map(sql.Identifier, self._get_cursor_search_paths())),
            sql.SQL("NONE") if role == "none" else sql.Identifier(role),
        )
        self._session_state = None
        with self.wrap_database_errors, self.connection.cursor() as plain:
            plain.execute(statement.as_string(self.connection))
        self._session_state = expected
