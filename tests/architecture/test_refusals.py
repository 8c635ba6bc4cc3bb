"""The codes of refusals are API: each names one refusal, and a page lists them all."""

from pathlib import Path
from typing import Any

import pytest

from kernel import reasons
from kernel.errors import NotFound, Refusal
from kernel.management.commands import draw_refusals

PAGE = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"


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


@pytest.mark.parametrize("text", ["", "  ", "x", " 。 "])
def test_a_reason_says_something(text: str) -> None:
    with pytest.raises(reasons.ReasonRequired) as refusal:
        reasons.require(text, field="remark")
    assert (refusal.value.field, refusal.value.code, refusal.value.status) == ("remark", "reason-required", 422)


@pytest.mark.parametrize(("text", "kept"), [(" 停电 ", "停电"), ("x" * 9, "x" * 9)])
def test_a_reason_is_kept_without_blanks(text: str, kept: Any) -> None:
    assert reasons.require(text) == kept


def test_a_reason_is_cut_where_there_is_no_more_room() -> None:
    assert reasons.require("停电，全场暂停", longest=2) == "停电"
