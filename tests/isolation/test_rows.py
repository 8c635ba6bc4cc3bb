"""Row security, table by table: a row of each institution in every shared table; each sees and changes its own."""

from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.utils import IntegrityError, ProgrammingError
from psycopg.errors import InsufficientPrivilege

from config.grants import SHARED_TABLES
from kernel import access, tenancy
from kernel.access import Actor, Grant
from kernel.db import grants
from kernel.roles import STAFF_ROLES, Role
from shared.identity import rules as identity_rules
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import additions
from support.clients import NOW
from support.permission_cases import somebody


def _tries(model: type[models.Model]) -> dict[str, str]:
    table, pk = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]  # they have one
    rights = SHARED_TABLES[model._meta.label].rights
    changed = next(
        (r.partition("(")[2].split(",")[0].rstrip(")").strip('"') for r in rights if r.startswith("UPDATE (")), pk
    )
    tries = {
        "SELECT": f'SELECT "{pk}" FROM public."{table}" WHERE "{pk}" = %s',
        "UPDATE": f'UPDATE public."{table}" SET "{changed}" = "{changed}" WHERE "{pk}" = %s',
        "DELETE": f'DELETE FROM public."{table}" WHERE "{pk}" = %s',
    }
    granted = {right.partition(" ")[0] for right in rights}
    return {right: statement for right, statement in tries.items() if right in granted}


def _run(statement: str, key: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [key])
        touched = cursor.rowcount
        transaction.set_rollback(True)
    return int(touched)


def test_each_institution_sees_and_changes_its_own_rows_alone(sides: tuple[Any, Any], made_up: Any) -> None:
    first, second = sides
    wrong, tried = [], 0
    with made_up(first, second):
        for me, other in ((first, second), (second, first)):
            with tenancy.open_institution(me.institution):
                for model in grants.shared_models():
                    declared = SHARED_TABLES[model._meta.label]
                    if not declared.rows:
                        continue
                    for right, statement in _tries(model).items():
                        tried += 1
                        table = model._meta.db_table
                        if _run(statement, me.keys[table]) != 1:
                            wrong.append(f"{me.institution.slug} lacks {right} on its own row of {table}")
                        seen_by_all = declared.rows == "true" and right == "SELECT"
                        if _run(statement, other.keys[table]) != (1 if seen_by_all else 0):
                            wrong.append(f"{me.institution.slug} has {right} on the other's row of {table}")
    assert wrong == []
    assert tried > 50


def test_the_platform_sees_every_row(sides: tuple[Any, Any], made_up: Any) -> None:
    with made_up(*sides), tenancy.open_public():
        for model in grants.shared_models():
            if SHARED_TABLES[model._meta.label].rows:
                read = _tries(model).get("SELECT")
                assert read is None or all(_run(read, side.keys[model._meta.db_table]) == 1 for side in sides)


@pytest.mark.parametrize("column", ["institution_id", "schema"])
def test_no_row_is_written_in_anothers_name(sides: tuple[Any, Any], made_up: Any, column: str) -> None:
    first, second = sides
    with made_up(), tenancy.open_institution(first.institution):
        for model in grants.shared_models():
            declared = SHARED_TABLES[model._meta.label]
            names = {f.column for f in model._meta.local_concrete_fields}
            if declared.name != "own rows" or column not in names or "INSERT" not in declared.rights:
                continue
            with pytest.raises(ProgrammingError) as refused, transaction.atomic():
                second.put(model)
            assert isinstance(refused.value.__cause__, InsufficientPrivilege), model


def test_row_security_and_the_rules_reach_the_same_rows(sides: tuple[Any, Any], made_up: Any) -> None:
    """A person of one institution reaches, wherever he asks, the rows of that institution and no others."""
    rule = access.role(*STAFF_ROLES)
    declared = [m for m in grants.shared_models() if SHARED_TABLES[m._meta.label].rows not in ("", "true")]
    tables = [model for model in declared if "SELECT" in _tries(model)]
    assert len(tables) > 15
    with made_up(*sides):
        for person in sides:
            for role in STAFF_ROLES:
                by = somebody(Grant(role, str(person.institution.organisation_id)))
                for model in tables:
                    assert _reached(by, rule, model, sides) == {person.institution.slug}, (role, model)


def _reached(by: Actor, rule: access.RoleRule, model: type[models.Model], sides: tuple[Any, Any]) -> set[str]:
    """Return whose rows of a table somebody gets to see, by the rule and the database, in either schema."""
    statement = _tries(model)["SELECT"]
    return {
        side.institution.slug
        for here in sides
        if _allows(by, rule, here)
        for side in sides
        if _visible(statement, here, side, model)
    }


def _allows(by: Actor, rule: access.RoleRule, here: Any) -> bool:
    with tenancy.open_institution(here.institution):
        return rule(by)


def _visible(statement: str, here: Any, side: Any, model: type[models.Model]) -> bool:
    with tenancy.open_institution(here.institution):
        return _run(statement, side.keys[model._meta.db_table]) == 1


def test_the_database_and_the_rule_let_the_same_roles_be_granted(institutions: tuple[Any, Any]) -> None:
    """A principal grants a role of the staff exactly where the database lets the institution add it."""
    first, second = (str(row.organisation_id) for row in institutions)
    for here in institutions:
        scope = str(here.organisation_id)
        with tenancy.as_owner():
            principal = Account.objects.create(name="演示校长", email=f"{scope}@example.invalid", made_at=NOW)
            RoleGrant.objects.create(account=principal, role=Role.PRINCIPAL, scope=scope, granted_at=NOW)
        by = somebody(Grant(Role.PRINCIPAL, scope))
        for role in STAFF_ROLES:
            for where in (first, second, "360000", ""):
                with tenancy.open_institution(here):
                    added = _adds_role(role, where, principal.pk)
                    assert identity_rules.may_grant(by, role, where) == added, (role, where)


def _adds_role(role: str, scope: str, principal: Any) -> bool:
    row = RoleGrant(account_id=None, role=role, scope=scope, granted_at=NOW, granted_by=principal)
    try:
        with transaction.atomic():
            additions.add_roles([row])
    except ProgrammingError:
        return False
    except IntegrityError:  # the function let it through; that there is no such account is another matter
        return True
    return True
