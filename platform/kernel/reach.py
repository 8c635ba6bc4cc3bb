"""What reaches what: each table says once how far an institution reaches into it, and the database holds it.

The module that settings.NUOXING_REACH names holds one line for every table (config.reach); a shared table without one
is a failing test (tests/walls), and hidden. kernel.walls turns the lines into grants and row security, which hang on
the role itself (kernel.roles), never on something that can be set.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

READ, WRITE = ("SELECT",), ("SELECT", "INSERT", "UPDATE", "DELETE")
OWN = {
    "institution": "{column} = (SELECT public.wall_institution())",
    "organisation": "{column} = (SELECT public.wall_organisation())",
    "schema": "{column} = (SELECT public.wall_schema())",
    "host": "{column} IN (SELECT public.wall_hosts())",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far institutions reach into a shared table.

    `rights` are SQL's, each for all columns or as "SELECT (a, b)"; `rows` and `new_rows` are conditions on a row, none
    where all rows may be seen or written; `platform` are the rights of the platform's host, which sees all rows.
    """

    name: str
    why: str = ""
    rights: tuple[str, ...] = ()
    rows: str = ""
    new_rows: str = ""
    platform: tuple[str, ...] = WRITE


@dataclass(frozen=True, slots=True)
class InSchema:
    """Who may do what to a table of an institution's own schema: its role, and the live gateway."""

    rights: tuple[str, ...] = WRITE
    live: tuple[str, ...] = field(default=())


def Hidden(why: str = "", *, platform: tuple[str, ...] = WRITE) -> Reach:  # noqa: N802  # reads as a kind of declaration
    """No institution has any right on it."""
    return Reach("hidden", why, platform=platform)


def Reference(*columns: str, why: str = "") -> Reach:  # noqa: N802  # as above
    """Every institution may read it (or only `columns`), none may write it."""
    return Reach("reference", why, (f"SELECT ({', '.join(columns)})" if columns else "SELECT",))


def OwnRows(  # noqa: N802  # as above
    column: str,
    by: str = "institution",
    *,
    rights: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE"),
    platform: tuple[str, ...] = WRITE,
) -> Reach:
    """An institution sees and writes the rows whose `column` names it: by "institution", "organisation", "schema" or
    "host"."""
    rows = OWN[by].format(column=column)
    return Reach("own rows", f"{column} is its own {by}", rights, rows, rows, platform)


def Rows(  # noqa: N802  # as above
    why: str, *, rows: str, new_rows: str = "", rights: tuple[str, ...], platform: tuple[str, ...] = WRITE
) -> Reach:
    """An institution sees the rows for which `rows` holds, and writes those for which `new_rows` holds."""
    return Reach("some rows", why, rights, rows, new_rows or rows, platform)


def Shared(why: str, *, rights: tuple[str, ...], platform: tuple[str, ...] = WRITE) -> Reach:  # noqa: N802  # as above
    """Every institution has `rights` on all rows: an exception, with its reason."""
    return Reach("all rows", why, rights, platform=platform)


def shared_models() -> list[type[models.Model]]:
    """Return the models whose tables lie in the shared schema, by table."""
    tenant = {name for name in settings.TENANT_APPS if name not in settings.SHARED_APPS}
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name not in tenant and model._meta.managed
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def tenant_models() -> list[type[models.Model]]:
    """Return the models whose tables lie in each institution's schema, by table."""
    shared = set(shared_models())
    found = [m for m in apps.get_models(include_auto_created=True) if m not in shared and m._meta.managed]
    return sorted(found, key=lambda model: model._meta.db_table)


def declared(model: type[models.Model]) -> Reach | None:
    """Return what is declared for a shared model; None where nothing is."""
    table: dict[str, Reach] = import_string(f"{settings.NUOXING_REACH}.SHARED")
    return table.get(model._meta.label)


def declarations() -> Iterator[tuple[str, Reach]]:
    """Yield table and declaration of every shared model; what declares nothing is hidden."""
    for model in shared_models():
        yield model._meta.db_table, declared(model) or Hidden("nothing is declared")


def in_schema() -> Iterator[tuple[str, InSchema]]:
    """Yield table and declaration of every institution's model; what declares nothing is its institution's alone."""
    table: dict[str, InSchema] = import_string(f"{settings.NUOXING_REACH}.IN_SCHEMA")
    for model in tenant_models():
        yield model._meta.db_table, table.get(model._meta.label, InSchema())
