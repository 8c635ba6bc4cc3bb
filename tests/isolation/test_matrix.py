"""Every relation × role × verb × column is tried as the role, and equals a matrix that people write."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import tenancy
from kernel.db import roles, row_security
from support import matrix

EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text())
SIDES = {"shared": "public", "own": "t_alpha"}
WHO = {
    "institution": lambda: roles.role_of("t_alpha"),
    "platform": roles.platform_role,
    "live": roles.live_role,
}


def expected(who: str, side: str) -> matrix.Cells:
    """Return what the file says, every list with the columns that the relation has today."""
    section = EXPECTED[who][side]
    columns, generated = matrix.relations(SIDES[side]), matrix.generated_columns(SIDES[side])
    cells: matrix.Cells = {verb: {} for verb in (*matrix.BY_COLUMN, *matrix.BY_TABLE)}
    for verb in ("select", "insert", "delete", "truncate"):
        for table in section[verb].split():
            whole = [c for c in columns[table] if verb == "select" or (table, c) not in generated]
            cells[verb][table] = () if verb in matrix.BY_TABLE else tuple(whole)
    for verb, key in (("select", "select_some"), ("update", "update")):
        for table, names in section.get(key, {}).items():
            unknown = set(names.split()) - set(columns[table])
            assert not unknown, f"{table} has no {unknown}"
            cells[verb][table] = tuple(c for c in columns[table] if c in names.split())
    return cells


def _lines(cells: matrix.Cells) -> Iterator[str]:
    for verb, tables in cells.items():
        for table, columns in tables.items():
            yield f"{verb} {table} {' '.join(columns)}".strip()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("who", WHO)
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(institutions: Any, who: str, side: str) -> None:
    with matrix.trying(WHO[who]()) as trying:
        found = set(_lines(trying.cells(SIDES[side])))
    listed = set(_lines(expected(who, side)))
    assert sorted(found - listed) == [], "these are allowed though the matrix does not say so"
    assert sorted(listed - found) == [], "the matrix says so, and these are refused"


def test_an_institution_may_do_nothing_in_anothers_schema(institutions: Any) -> None:
    with matrix.trying(roles.role_of("t_beta")) as trying:
        assert list(_lines(trying.cells("t_alpha"))) == []


@pytest.mark.parametrize("side", SIDES)
def test_every_relation_stands_in_the_matrix(institutions: Any, side: str) -> None:
    readable = {table for who in WHO for table in expected(who, side)["select"]}
    nobodys = set(EXPECTED["nobody"]["relations"].split())
    assert sorted(set(matrix.relations(SIDES[side])) - readable - nobodys) == []


def test_a_planted_grant_is_found(institutions: Any) -> None:
    role = roles.role_of("t_alpha")
    with matrix.connected() as login:
        login.execute(f'GRANT UPDATE (amount) ON t_alpha.billing_payment TO "{role}"')
        try:
            with matrix.trying(role) as trying:
                found = set(_lines(trying.cells("t_alpha")))
        finally:
            login.execute(f'REVOKE UPDATE (amount) ON t_alpha.billing_payment FROM "{role}"')
    assert found - set(_lines(expected("institution", "own"))) == {"update billing_payment amount"}


@pytest.mark.parametrize("who", WHO)
def test_a_role_runs_the_functions_that_the_matrix_names_and_no_other(institutions: Any, who: str) -> None:
    with matrix.trying(WHO[who]()) as trying:
        found = {name for signature, (name, _trigger) in matrix.functions().items() if trying.runs(signature)}
    assert sorted(found) == sorted(EXPECTED["functions"][who].split())


def test_every_function_stands_in_the_matrix(institutions: Any) -> None:
    callable_ = {name for name, trigger in matrix.functions().values() if not trigger}
    listed = {name for names in EXPECTED["functions"].values() for name in names.split()}
    assert sorted(callable_) == sorted(listed)


def test_a_new_function_is_nobodys_once_the_grants_are_applied(institutions: Any) -> None:
    role = roles.role_of("t_alpha")
    with tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql RETURN 1")
        rights = []
        for _time in range(2):
            cursor.execute("SELECT has_function_privilege(%s, 'public.planted()', 'EXECUTE')", [role])
            rights.append(cursor.fetchone()[0])
            row_security.apply()
        transaction.set_rollback(True)
    assert rights == [True, False]


def test_nobody_who_serves_makes_temporary_tables(institutions: Any) -> None:
    for who in WHO.values():
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [who()])
            assert cursor.fetchone() == (False,)
