"""A page asks a row what it is; which state that is, and what may be done in it, stands in the state chart alone."""

import re
from pathlib import Path

import pytest

from kernel import states
from shared.filings.states import SITTING_MOVES, SITTING_TONES, SittingState

TEMPLATES = Path(__file__).resolve().parents[2] / "frontend" / "templates"
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)
CONDITION = re.compile(r"{%-?\s*(?:if|elif|include|with|cycle|firstof)\b(.*?)%}", re.DOTALL)
OPERAND = r"""(?:"[^"]*"|'[^']*'|[\w.]+(?:\|[\w:."']+)*)"""
COMPARISON = re.compile(rf"({OPERAND})\s*(==|!=|\bnot\s+in\b|\bin\b)\s*({OPERAND})", re.DOTALL)
FIELDS = frozenset({"state", "lifecycle", "standing"})
LITERAL = re.compile(r"""^["']""")


def _is_state(operand: str) -> bool:
    path = operand.partition("|")[0]
    return not LITERAL.match(path) and path.rpartition(".")[2] in FIELDS


def compared_states(source: str) -> list[str]:
    """Return the comparisons of a state with a literal in a template's source, and the moves looked up by name."""
    comparisons = [c.groups() for m in CONDITION.finditer(COMMENT.sub("", source)) for c in COMPARISON.finditer(m[1])]
    return [
        f"{left} {operator} {right}"
        for left, operator, right in comparisons
        if (_is_state(left) and LITERAL.match(right))
        or (LITERAL.match(left) and (_is_state(right) or right.rpartition(".")[2] == "moves"))
    ]


def test_the_fields_looked_for_are_those_of_the_charts() -> None:
    assert {chart.field for chart in states.charts.values()} <= FIELDS


def test_no_template_compares_a_state_with_a_literal() -> None:
    wrong = {str(path.relative_to(TEMPLATES)): compared_states(path.read_text()) for path in TEMPLATES.rglob("*.html")}
    assert {path: comparisons for path, comparisons in wrong.items() if comparisons} == {}


@pytest.mark.parametrize(
    ("source", "comparison"),
    [
        ('{% if row.state == "open" %}', 'row.state == "open"'),
        ("{% if not mine and row.order.state != 'paid' %}", "row.order.state != 'paid'"),
        ('{% if row.due_on %}{% elif "draft" == state %}', '"draft" == state'),
        ('{% if row.state in "draft submitted" %}', 'row.state in "draft submitted"'),
        ('{% if row.state not in "draft" %}', 'row.state not in "draft"'),
        ('{% if institution.lifecycle|lower == "retired" %}', 'institution.lifecycle|lower == "retired"'),
        ('{% if "cancel" in row.moves %}', '"cancel" in row.moves'),
    ],
)
def test_a_planted_comparison_is_seen(source: str, comparison: str) -> None:
    assert compared_states(source) == [comparison]


def test_what_asks_by_name_passes() -> None:
    source = '{# row.state == "open" #}{% if row.is_open and row.kind == "new" %}{% if offers.cancel %}{{ row.state }}'
    assert compared_states(source) == []


def test_no_sitting_has_two_tones() -> None:
    """What an institution files shows at the authority as it shows at home."""

    assert {state: states.charts["sitting"].tone(state) for state in SittingState} == SITTING_TONES


def test_a_filed_sitting_moves_as_the_institutions_own_does() -> None:
    filed = set(SittingState.values)
    pairs = {(source, move.target) for move in states.charts["sitting"].moves for source in move.source}
    assert {pair for pair in pairs if pair[0] in filed} == SITTING_MOVES
