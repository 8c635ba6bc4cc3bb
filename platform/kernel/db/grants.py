"""Grants: each table says once what an institution may do with it, and the database holds it.

The modules that settings.NUOXING_GRANTS and NUOXING_TENANT_GRANTS name have one line for every table (config.grants,
config.tenant_grants); a table without one is a failing test (tests/isolation), and nobody may do anything with it.
NUOXING_FUNCTION_GRANTS has one for every function of the shared schema (config.function_grants), alike. kernel.db's
row_security, function_rights and roles turn the lines into grants and row security, which hang on the role itself,
never on something that can be set.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

VIEW = "view"
OWN_ROWS = {
    "institution": "{column} = (SELECT public.current_institution())",
    "organisation": "{column} = (SELECT public.current_organisation())",
    "schema": "{column} = (SELECT public.current_institution_schema())",
    "host": "{column} IN (SELECT public.current_institution_hosts())",
}


@dataclass(frozen=True, slots=True)
class SharedGrants:
    """Grants of institutions on a shared table.

    `rights` are SQL's, each for all columns or as "SELECT (a, b)"; `rows` and `new_rows` are conditions on a row, none
    where all rows may be seen or written; `platform` are the rights of the platform's host, which sees all rows. What
    holds besides for a row that an institution or the platform adds stands in `added` by the name of the role.
    """

    name: str
    why: str = ""
    rights: tuple[str, ...] = ()
    rows: str = ""
    new_rows: str = ""
    platform: tuple[str, ...] = ()
    added: Mapping[str, Callable[[], str]] = field(default_factory=dict, repr=False)

    def conditions(self) -> dict[str, str]:
        """Return what holds for a row that a role adds, as SQL, by the name of the role ("group", "platform")."""
        return {role: condition() for role, condition in self.added.items()}


@dataclass(frozen=True, slots=True)
class TenantGrants:
    """Grants on a table of an institution's own schema: to its role, and to the live gateway."""

    rights: tuple[str, ...] = ()
    live: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FunctionGrants:
    """Who may run a function of the shared schema: every institution's role, the platform's, both or nobody but the
    owner. What a function that runs as the owner refuses is written in it.
    """

    why: str
    institution: bool = False
    platform: bool = False


def change(*columns: str) -> str:
    """Return the right to change these columns and no others."""
    return f"UPDATE ({', '.join(_quoted(columns))})"


def _quoted(columns: Iterable[str]) -> Iterator[str]:
    return (f'"{name}"' for name in columns)


def NoAccess(why: str = "", *, platform: tuple[str, ...]) -> SharedGrants:  # noqa: N802  # reads as a kind of declaration
    """No institution has any right on it."""
    return SharedGrants("hidden", why, platform=platform)


def ReadOnly(*columns: str, why: str = "", platform: tuple[str, ...]) -> SharedGrants:  # noqa: N802  # as above
    """Every institution may read it (or only `columns`), none may write it."""
    rights = (f"SELECT ({', '.join(_quoted(columns))})" if columns else "SELECT",)
    return SharedGrants("reference", why, rights, platform=platform)


def OwnRows(  # noqa: N802  # as above
    column: str,
    by: str = "institution",
    *,
    rights: tuple[str, ...],
    platform: tuple[str, ...],
    added: Mapping[str, Callable[[], str]] | None = None,
) -> SharedGrants:
    """An institution sees and writes the rows whose `column` names it: by "institution", "organisation", "schema" or
    "host". A row that a role adds ("group", "platform") is as `added` says.
    """
    rows = OWN_ROWS[by].format(column=column)
    return SharedGrants("own rows", f"{column} is its own {by}", rights, rows, rows, platform, added or {})


def SomeRows(  # noqa: N802  # as above
    why: str, *, rows: str, new_rows: str = "", rights: tuple[str, ...], platform: tuple[str, ...]
) -> SharedGrants:
    """An institution sees the rows for which `rows` holds, and writes those for which `new_rows` holds."""
    return SharedGrants("some rows", why, rights, rows, new_rows or rows, platform)


def AllRows(why: str, *, rights: tuple[str, ...], platform: tuple[str, ...]) -> SharedGrants:  # noqa: N802  # as above
    """Every institution has `rights` on all rows: an exception, with its reason."""
    return SharedGrants("all rows", why, rights, platform=platform)


def View(why: str, *, institutions: bool = True) -> SharedGrants:  # noqa: N802  # as above
    """A view with its reader's own rights on what it shows (security_invoker): read, and written by nobody."""
    return SharedGrants(VIEW, why, ("SELECT",) if institutions else (), platform=("SELECT",))


def _shared() -> list[type[models.Model]]:
    tenant_apps = {name for name in settings.TENANT_APPS if name not in settings.SHARED_APPS}
    models_ = [
        model
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name not in tenant_apps
    ]
    return sorted(models_, key=lambda model: model._meta.db_table)


def shared_models() -> list[type[models.Model]]:
    """Return the models whose tables lie in the shared schema, by table."""
    return [model for model in _shared() if model._meta.managed]


def shared_views() -> list[type[models.Model]]:
    """Return the models that read a view of the shared schema, by its name."""
    return [model for model in _shared() if not model._meta.managed]


def tenant_models() -> list[type[models.Model]]:
    """Return the models whose tables lie in each institution's schema, by table."""
    shared = set(shared_models())
    models_ = [m for m in apps.get_models(include_auto_created=True) if m not in shared and m._meta.managed]
    return sorted(models_, key=lambda model: model._meta.db_table)


def declaration_of(model: type[models.Model]) -> SharedGrants | None:
    """Return what is declared for a shared model; None where nothing is."""
    table: dict[str, SharedGrants] = import_string(f"{settings.NUOXING_GRANTS}.SHARED_TABLES")
    return table.get(model._meta.label)


def shared_grants() -> Iterator[tuple[str, SharedGrants]]:
    """Yield table or view and declaration of every shared model; what declares nothing is nobody's."""
    for model in (*shared_models(), *shared_views()):
        yield model._meta.db_table, declaration_of(model) or NoAccess("nothing is declared", platform=())


def tenant_grants() -> Iterator[tuple[str, TenantGrants]]:
    """Yield table and declaration of every institution's model; what declares nothing is nobody's."""
    table: dict[str, TenantGrants] = import_string(f"{settings.NUOXING_TENANT_GRANTS}.TENANT_TABLES")
    for model in tenant_models():
        yield model._meta.db_table, table.get(model._meta.label, TenantGrants())


def function_grants() -> dict[str, FunctionGrants]:
    """Return the declaration of every function of the shared schema, by name; what is not declared is nobody's."""
    table: dict[str, FunctionGrants] = import_string(f"{settings.NUOXING_FUNCTION_GRANTS}.SHARED_FUNCTIONS")
    return table
