"""States go on along their charts in the database too, for every role and the login; charts and triggers agree."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from kernel import states, tenancy
from shared.institutions.models import Organisation

Moves = set[tuple[str, str]]
TRIGGERS = """
SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 't_alpha') AND t.tgfoid = 'public.kernel_hold_move'::regproc AND t.tgenabled = 'O'
"""
NOT_MOVED = {"institutions_standingentry": "each state that there was is a row of its own"}


def _charts() -> dict[tuple[str, str], Moves]:
    """Return the moves of each table that has a chart's constraint, by table and field."""
    charts = {str(chart.constraint("any").condition): chart for chart in states.charts.values()}
    found = {}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            chart = charts.get(str(getattr(constraint, "condition", None)))
            if chart is not None and model._meta.db_table not in NOT_MOVED:
                pairs = {(source, move.target) for move in chart.moves for source in move.source}
                found[model._meta.db_table, chart.field] = {(a, b) for a, b in pairs if a != b}
    return found


def _triggers() -> dict[tuple[str, str], Moves]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        rows = [(table, bytes(arguments).decode().split("\0")[:-1]) for table, arguments in cursor.fetchall()]
    return {(table, field): {_pair(move) for move in moves} for table, (field, *moves) in rows}


def _pair(move: str) -> tuple[str, str]:
    source, _arrow, target = move.partition(">")
    return source, target


def test_every_chart_is_held_by_a_trigger_with_its_own_moves(institutions: Any) -> None:
    assert len(_charts()) == len(states.charts)
    assert _triggers() == _charts()


def test_a_move_that_is_not_on_the_chart_is_refused_to_the_login_too(institutions: Any) -> None:
    organisation = Organisation.objects.get(pk=institutions[0].organisation_id)
    with (
        tenancy.as_owner(),
        pytest.raises(IntegrityError, match="goes from listed to registered"),
        transaction.atomic(),
    ):
        Organisation.objects.filter(pk=organisation.pk).update(state="registered")
    assert Organisation.objects.get(pk=organisation.pk).state == "listed"
    with tenancy.as_owner():
        assert Organisation.objects.filter(pk=organisation.pk).update(state="suspended") == 1
