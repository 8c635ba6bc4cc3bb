"""What comes from outside is refused in words, never asserted: an edge asserts no more than a type."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EDGES = frozenset({"views", "rest", "tasks", "webhooks", "consumers", "gateway"})


def asserted(source: str) -> list[int]:
    """Return the lines that assert anything else than a type."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert) and not ast.unparse(node.test).startswith("isinstance(")
    ]


def test_no_edge_asserts_what_somebody_sent() -> None:
    wrong = {
        str(path.relative_to(ROOT)): lines
        for base in ("platform", "tenants")
        for path in sorted((ROOT / base).rglob("*.py"))
        if EDGES & {*path.parts, path.stem} and (lines := asserted(path.read_text()))
    }
    assert wrong == {}


def test_a_planted_assertion_is_found_and_a_type_is_not() -> None:
    assert asserted("assert by.account_id is not None\nassert isinstance(body, Body)") == [1]
