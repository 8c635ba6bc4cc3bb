"""The codes of refusals are API: each names one refusal, and a page lists them all."""

import ast
import re
from pathlib import Path

from kernel import reasons
from kernel.errors import NotFound, Refusal
from kernel.management.commands import draw_refusals

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "refusals.md"


def test_no_two_refusals_share_a_code() -> None:
    assert draw_refusals.codes_given_twice(draw_refusals.refusals()) == {}


def test_a_planted_double_is_seen() -> None:
    class Elsewhere(Refusal):
        code = "not-found"

    class CodelessRefusal(NotFound):
        """Has the code of the class above it."""

    twice = draw_refusals.codes_given_twice([NotFound, Elsewhere, CodelessRefusal, Refusal])
    assert list(twice) == ["not-found"]
    assert len(twice["not-found"]) == 3


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text() == draw_refusals.page(), "run manage.py draw_refusals"


def test_what_the_page_says_of_the_gateway_has_these_codes_and_statuses() -> None:
    status = {cls.code: cls.status for cls in draw_refusals.refusals()}
    sentence = draw_refusals.HEAD.partition("The save of an answer")[2].partition(". ")[0]
    pairs = [
        (code, int(number))
        for codes, number in re.findall(r"((?:`[a-z-]+`(?: and )?)+)\s\((\d+)\)", sentence)
        for code in re.findall(r"`([a-z-]+)`", codes)
    ]
    assert len(pairs) == 13
    assert [(code, status[code]) for code, _number in pairs] == pairs


def test_a_reason_is_cut_where_there_is_no_more_room() -> None:
    assert reasons.require("停电，全场暂停", longest=2) == "停电"


# A refusal that is one of many answers, or goes on to the page of errors, is handled by the view itself.
BY_HAND = {
    "platform/shared/exchange/views/files.py": 1,
    "platform/shared/hosting/views.py": 1,
    "platform/shared/privacy/views/mine.py": 2,
}


def shown_by_hand(source: str) -> int:
    """Return how often a source puts a refusal on a form itself, where `kernel.web.forms.submit` does it."""
    handlers = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ExceptHandler) and n.name)
    calls = [c for h in handlers for c in ast.walk(h) if isinstance(c, ast.Call) and isinstance(c.func, ast.Attribute)]
    return sum(c.func.attr in {"refuse", "add_error"} for c in calls if isinstance(c.func, ast.Attribute))


def test_views_leave_it_to_submit_to_show_a_refusal() -> None:
    views = [path for base in ("platform", "tenants") for path in (ROOT / base).rglob("*.py") if "views" in str(path)]
    counts = {path.relative_to(ROOT).as_posix(): shown_by_hand(path.read_text()) for path in views}
    assert {path: count for path, count in counts.items() if count} == BY_HAND


def test_a_planted_block_is_seen() -> None:
    assert shown_by_hand("try:\n    act()\nexcept Refusal as refusal:\n    form.refuse(refusal)\n") == 1
