"""Each value of a pack is read by a rule, or is listed as shown only."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.policy.values.pack import Pack
from shared.policy.values.shapes.base import Shape, shapes_in
from shared.policy.values.shown_only import SHOWN_ONLY

ROOT = Path(__file__).resolve().parents[3]
LABELS = {"key", "name", "name_en", "title", "title_en", "unit_en", "number"}
"""What things are called, wherever it occurs."""
HEADER = {"Pack", "Document", "Named"}
"""The file itself and what only has a name: sections are asked for one by one, name and version stamp decisions."""
READ_AS = {
    "Learning": {"learning"},
    "Examination": {"test"},
    "Paper": {"paper", "rule"},
    "PaperSection": {"section"},
    "Part": {"part"},
    "Blueprint": {"plan"},
    "Retest": {"retest"},
    "Sitting": {"sitting"},
    "Certificates": {"certificates"},
    "TwoStepCycle": {"education"},
    "Yearly": {"education"},
    "Conversion": {"conversion"},
    "Substitute": {"substitute"},
    "Clocks": {"clocks"},
    "CalendarRules": {"calendar"},
    "Draw": {"draw"},
    "Sanctions": {"sanctions"},
    "Sanction": {"step"},
    "Stars": {"stars", "method"},
    "StarItem": {"item"},
    "Cut": {"cut"},
    "Retention": {"retention"},
    "RetentionPeriod": {"period", "kind"},
    "Employers": {"employers"},
    "Fees": {"fees"},
    "FeeItem": {"item"},
    "Commitment": {"commitment"},
    "LineSection": {"section"},
    "Line": {"line"},
    "Institutions": {"institutions"},
    "Category": {"kind", "category"},
    "Retirement": {"retirement"},
    "RetirementClass": {"retirement_class", "c"},
    "Eligibility": {"matrix", "eligibility"},
    "Row": {"row"},
    "Education": {"education"},
    "Ceiling": {"ceiling"},
    "Position": {"position", "p"},
}
"""By which name the product holds each part of a pack when it reads a value of it."""
UNHEARD = (
    "platform/shared/lawbook/",
    "platform/shared/rankings/queries/questions.py",
    "platform/shared/policy/values/",
    "platform/shared/policy/methods/education.py",
)
"""Pages that show the law; the checks of a file; rules that no app asks yet (see the last test)."""


def _shapes() -> Iterator[type[Shape]]:
    seen: set[type[Shape]] = set()
    waiting: list[type[Shape]] = [Pack]
    while waiting:
        shape = waiting.pop()
        if shape not in seen:
            seen.add(shape)
            yield shape
            waiting += [inner for field in shape.model_fields.values() for inner in shapes_in(field.annotation)]


def _product() -> Iterator[Path]:
    for folder in ("platform", "tenants"):
        for path in (ROOT / folder).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and not name.startswith(UNHEARD):
                yield path


def _read_by_shapes() -> set[tuple[str, str]]:
    """The pairs (holder, field) that the public properties and methods of shapes read, their checks left out; a shape
    that reads its own field is named for itself.
    """
    pairs = set()
    for name in {shape.__module__ for shape in _shapes()}:
        tree = ast.parse((ROOT / "platform" / Path(*name.split("."))).with_suffix(".py").read_text())
        for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            functions = [node for node in cls.body if isinstance(node, ast.FunctionDef)]
            for function in functions:
                if not function.name.startswith("_") and function.name != "checks":
                    pairs |= {(cls.name.lower() if of == "self" else of, to) for of, to in _attributes(function)}
    return pairs


def _attributes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", ""), node.attr


def _read() -> set[tuple[str, str]]:
    """The pairs (holder, field) that the product's code and its pages read."""
    pairs: set[tuple[str, str]] = set()
    for path in _product():
        pairs |= set(_attributes(ast.parse(path.read_text())))
    for path in (ROOT / "frontend" / "templates").rglob("*.html"):
        if "lawbook" not in path.parts:
            pairs |= {(holder, field) for holder, field in re.findall(r"(\w+)\.(\w+)", path.read_text())}
    return pairs


def _unread() -> set[str]:
    pairs = _read() | _read_by_shapes()
    result = set()
    for shape in _shapes():
        if shape.__name__ in HEADER:
            continue
        holders = READ_AS[shape.__name__] | {shape.__name__.lower()}
        for field in shape.model_fields.keys() - LABELS:
            if not any((holder, field) in pairs for holder in holders):
                result.add(f"{shape.__name__}.{field}")
    return result


def test_each_value_is_read_by_a_rule_or_listed_as_shown_only() -> None:
    assert sorted(_unread()) == sorted(SHOWN_ONLY)


@pytest.mark.parametrize("name", sorted(SHOWN_ONLY))
def test_what_is_shown_only_says_why(name: str) -> None:
    assert len(SHOWN_ONLY[name]) > 10


def test_the_rules_of_continuing_education_are_asked_by_no_app_yet() -> None:
    """When one does, its module is read like any other, and what it reads leaves the list."""
    asking = [path for path in _product() if "methods.education" in path.read_text()]
    assert asking == []
