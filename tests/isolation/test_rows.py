"""Row security, table by table: a row of each institution in every shared table; each sees and changes its own."""

from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from config.grants import SHARED_TABLES
from kernel import tenancy
from kernel.db import grants


def _tries(model: type[models.Model]) -> dict[str, str]:
    table, pk = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]  # they have one
    rights = SHARED_TABLES[model._meta.label].rights
    changed = next((r.partition("(")[2].split(",")[0].rstrip(")") for r in rights if r.startswith("UPDATE (")), pk)
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
