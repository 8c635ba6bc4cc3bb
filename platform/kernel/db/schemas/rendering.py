"""A plan of migrations as one script: Django's own SQL, never a dump's."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django_tenants.utils import schema_context
from psycopg import sql

from kernel.db.schemas import plans
from kernel.db.schemas.states import options_without_rendering

CHECK_CONSTRAINTS = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"
"""Rows that one migration changed do not stand in the next one's way; stock has a transaction for each of them."""


class NotRenderable(Exception):
    """This plan cannot be said as a script beforehand."""


@dataclass(frozen=True, slots=True)
class Script:
    """The statements that bring an empty schema to a `fingerprint`."""

    fingerprint: str
    sql: str


def template() -> Script:
    """Return the script of a whole new schema, rendered once a process and fingerprint.

    Refuses (NotRenderable) where it cannot be said.
    """
    return _template(plans.target_fingerprint())


@cache
def _template(fingerprint: str) -> Script:
    """Render.

    Nothing is asked of the database: a plan that wants to look at tables which it only makes itself is refused.
    """
    plan = plans.full_plan()
    with schema_context(plans.PLACEHOLDER_SCHEMA):
        if steps := plans.steps_without_sql(plan):
            raise NotRenderable("; ".join(steps))
        with _without_introspection() as collected, options_without_rendering():
            state, own = _shared_first(plan)
            for migration in own:
                with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                    state = migration.apply(state, editor, collect_sql=True)
                collected += [*_statements(editor.collected_sql), CHECK_CONSTRAINTS]
        with connection.schema_editor(collect_sql=True) as editor:
            editor.create_model(MigrationRecorder(connection).Migration)
    text = "\n".join([*_statements(editor.collected_sql), *collected, record_applied(plan)])
    return Script(fingerprint, text)


def _shared_first(plan: Sequence[Migration]) -> tuple[ProjectState, list[Migration]]:
    """Return the models as the steps of the shared schema alone leave them, and the steps that make tables here.

    The former make no statement and depend on none of the latter. Before any model is rendered they cost next to
    nothing; among the others each would have all that is related rendered again.
    """
    own = [router.allow_migrate(DEFAULT_DB_ALIAS, migration.app_label) for migration in plan]
    state = plans.migration_loader().project_state((plan[0].app_label, plan[0].name), at_end=False)
    for migration in (migration for migration, mine in zip(plan, own, strict=True) if not mine):
        state = migration.mutate_state(state, preserve=False)
    return state, [migration for migration, mine in zip(plan, own, strict=True) if mine]


def record_applied(plan: Sequence[Migration]) -> str:
    """Return the statement that notes these migrations as done, in their order."""
    values = sql.SQL(", ").join(
        sql.SQL("({}, {}, now())").format(sql.Literal(m.app_label), sql.Literal(m.name)) for m in plan
    )
    return sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES {};").format(values).as_string()


def _statements(collected: Sequence[str]) -> list[str]:
    return [line for line in collected if not line.startswith("--")]


@contextmanager
def _without_introspection() -> Iterator[list[str]]:
    """Let Django's editor refuse to look at tables: while it only collects, what the plan makes is not there."""

    def refuse_lookup(*_args: Any, **_kwargs: Any) -> Any:
        raise NotRenderable("a step asks the database for names of what an earlier step makes")

    with _editor(
        type(
            "Blind",
            (connection.SchemaEditorClass,),
            {"_constraint_names": refuse_lookup, "_get_sequence_name": refuse_lookup},
        )
    ):
        yield []


@contextmanager
def recording() -> Iterator[list[str]]:
    """Collect the statements by which migrations change the open schema; not what Python does to rows."""
    statements: list[str] = []
    stock: Any = connection.SchemaEditorClass

    class Recorder(stock):  # type: ignore[misc]  # the class of whatever backend is in use
        def execute(self, statement: Any, params: Any = ()) -> None:
            """Execute it and keep it."""
            super().execute(statement, params)
            text = str(statement)
            rendered = text % tuple(map(self.quote_value, params)) if params is not None else text
            statements.append(rendered if rendered.rstrip().endswith(";") else f"{rendered};")

        def __exit__(self, kind: Any, fault: Any, trace: Any) -> None:
            """End a migration."""
            super().__exit__(kind, fault, trace)
            if kind is None:
                statements.append(CHECK_CONSTRAINTS)

    with _editor(Recorder):
        yield statements


@contextmanager
def _editor(kind: type[BaseDatabaseSchemaEditor]) -> Iterator[None]:
    stock = connection.SchemaEditorClass
    connection.SchemaEditorClass = kind  # type: ignore[assignment]  # a subclass of it
    try:
        yield
    finally:
        connection.SchemaEditorClass = stock
