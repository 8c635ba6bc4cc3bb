"""No name, number or mobile is compared as it was typed: everything goes through `kernel.folding`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDED_FIELDS = frozenset({"holder", "person_name", "payer", "id_number", "mobile", "certificate_number", "full_name"})
PEOPLE = frozenset({"person", "account", "candidate", "candidacy", "applicant", "holder", "entry", "trainee"})
RAW_LOOKUPS = ("icontains", "iexact", "istartswith", "iendswith", "iregex")
QUERIES = frozenset({"filter", "exclude", "get", "Q", "get_or_create", "update_or_create"})
NORMALISING = frozenset({"normalize", "casefold"})
RIGHT = {
    # by hand, each with its reason
    "platform/kernel/folding.py": "the module itself",
    "platform/kernel/reasons.py": "how many different letters a reason has",
    "platform/shared/policy/values/shapes/base.py": "labels of a policy pack, which are texts and no names",
    "platform/shared/exchange/filters.py": "keys and titles of messages, which are texts and no names",
    "platform/shared/notices/queries.py": "names of templates",
    "platform/shared/education/queries.py": "a column that is written folded",
    "platform/shared/certificates/operations/issuing.py": "whether the register's very letters are written",
    "tenants/billing/queries/orders.py": "whether the register's very letters are written",
    "tenants/rosters/queries/privacy.py": "the mark of a name that was overwritten",
}


def _is_raw(node: ast.expr) -> bool:
    """Say whether an expression is a name or number of somebody as it stands in a column or came in."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "lower"):
        return _is_raw(node.func.value)
    if isinstance(node, ast.Attribute):
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        return node.attr in FOLDED_FIELDS or (node.attr == "name" and owner in PEOPLE)
    return False


def raw_comparisons(source: str) -> list[str]:
    """Return the lines of a source that compare or look up without folding."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and any(map(_is_raw, [node.left, *node.comparators])):
            if not all(isinstance(part, ast.Constant) for part in node.comparators):  # whether there is any
                lines.append(node.lineno)
        elif isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_a_decimal = function == "normalize" and not node.args
            if function in NORMALISING and not of_a_decimal:
                lines.append(node.lineno)
            if function in QUERIES and any(map(_is_raw_lookup, node.keywords)):
                lines.append(node.lineno)
            if any(k.arg == "lookup_expr" and ast.literal_eval(k.value) in RAW_LOOKUPS for k in node.keywords):
                lines.append(node.lineno)
    return [f"{line}" for line in lines]


def _is_raw_lookup(keyword: ast.keyword) -> bool:
    column, *rest = (keyword.arg or "").split("__")
    if rest and rest[-1] in RAW_LOOKUPS:
        return True
    folded = any(part.startswith("folded_") for part in rest)
    constant = isinstance(keyword.value, ast.Constant) or rest[-1:] == ["isnull"]
    return column in FOLDED_FIELDS and not folded and not constant


@pytest.mark.parametrize("base", ["platform", "tenants"])
def test_no_name_and_no_number_is_compared_as_it_was_typed(base: str) -> None:
    paths = [p for p in sorted((ROOT / base).rglob("*.py")) if "migrations" not in p.parts]
    wrong = {str(path.relative_to(ROOT)): raw_comparisons(path.read_text()) for path in paths}
    assert {path: lines for path, lines in wrong.items() if lines and path not in RIGHT} == {}


def test_every_exception_is_one() -> None:
    wrong = [path for path in RIGHT if not raw_comparisons((ROOT / path).read_text())]
    assert wrong == []


@pytest.mark.parametrize(
    "planted",
    [
        "person.name == name.strip()",
        "row.holder != text",
        "rows.filter(person_name__icontains=value)",
        "rows.filter(holder=text.strip())",
        "filters.CharFilter(field_name='name', lookup_expr='icontains')",
        "unicodedata.normalize('NFKC', text)",
    ],
)
def test_a_planted_raw_comparison_is_found(planted: str) -> None:
    assert raw_comparisons(planted) == ["1"]


def test_what_is_folded_is_no_raw_comparison() -> None:
    assert raw_comparisons("rows.filter(holder__folded_name=folding.name(text))\nnames.same(person.name, name)") == []
