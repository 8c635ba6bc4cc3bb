"""docs/law.md: every rule of the policy has a row, and every row names what is there."""

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "law.md"
# Parts and numbered paragraphs of the published explanation.
PARAGRAPHS = {"opening", "1.1", "1.2", "1.3", "2.1", "2.2", "3", "4", "5"}
RULES = [f"S{number}" for number in range(1, 22)]
TO_COME = "not built yet: "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of one of the page's tables."""

    name: str
    rule: str
    source: str
    held_by: str
    tests: str
    page: str

    @property
    def built(self) -> bool:
        """Say whether something holds the rule today."""
        return not self.held_by.startswith(TO_COME)


def _rows() -> list[Row]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| S\d", line)]
    return [Row(*(cell.strip() for cell in line.strip().strip("|").split("|"))) for line in lines]


ROWS = _rows()
BUILT = [row for row in ROWS if row.built]


def _quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def _tests() -> set[str]:
    names = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                names.add(f"{path.stem.removeprefix('test_')}::{node.name.removeprefix('test_')}")
    return names


def _page_names(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> set[str]:
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            names |= _page_names(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.add(":".join((*spaces, pattern.name)))
    return names


@cache
def _pages() -> set[str]:
    return _page_names(get_resolver("config.urls_public")) | _page_names(get_resolver("config.urls_tenant"))


def _there(dotted: str) -> bool:
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


def test_every_rule_of_the_policy_has_a_row_in_its_order() -> None:
    """A rule may be split (S8a, S8b ...), never left out, and no row is there twice."""
    rules = list(dict.fromkeys(re.match(r"S\d+", row.name).group() for row in ROWS))  # type: ignore[union-attr]  # all match
    assert rules == RULES
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_every_paragraph_of_the_policy_is_somewhere() -> None:
    """Each part and paragraph is the source of a row, and no row has another source."""
    assert {row.source for row in ROWS} == PARAGRAPHS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_whole(row: Row) -> None:
    """A rule in words and what holds it, or the app that will."""
    assert row.rule.endswith(".")
    if row.built:
        assert [bool(_quoted(cell)) for cell in (row.held_by, row.tests, row.page)] == [True, True, True]
    else:
        assert (len(row.held_by) > len(TO_COME), row.tests, row.page) == (True, "-", "-")


@pytest.mark.parametrize("row", BUILT, ids=lambda row: row.name)
def test_what_a_row_names_is_there(row: Row) -> None:
    """The code by its dotted name, the tests by file and name, the page by its name in the URL lists."""
    assert [name for name in _quoted(row.held_by) if not _there(name)] == []
    assert [name for name in _quoted(row.tests) if name not in _tests()] == []
    assert [name for name in _quoted(row.page) if name not in _pages()] == []


def test_the_page_has_none_of_the_policy_s_own_words() -> None:
    """The rules are told in our words, in English; document names are in the pack."""
    assert re.findall(r"[\u4e00-\u9fff]", PAGE.read_text(encoding="utf-8")) == []
