"""A reason is a reason: what is written must say something, wherever an act asks for it."""

import pytest

from kernel import reasons
from kernel.web.forms import ReasonForm

SAYS_NOTHING = [
    "无无", "aaaa", "aaab", "AaAa", "核对核对", "测试测试", "测试测试测试", "核对核对核", "核对，核对。", "abcabc",
    "核对核对!!", "。。。。", "——", "12121212", "1 1 1",
]  # fmt: skip
SAYS_SOMETHING = ["停电", "生病", "核对报名", "居民身份证原件", "核对证书，核对档案", "ok by phone", "2026年3月2日停电"]


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_a_reason_that_says_nothing_is_refused_by_the_rule_and_at_the_form(text: str) -> None:
    with pytest.raises(reasons.ReasonSaysNothing) as refused:
        reasons.require(text, field="reason")
    assert refused.value.field == "reason"
    assert list(ReasonForm({"why": text}).errors) == ["why"]


@pytest.mark.parametrize("text", SAYS_SOMETHING)
def test_a_reason_that_says_something_is_taken_as_it_is(text: str) -> None:
    assert reasons.require(f" {text} ") == text
    assert ReasonForm({"why": text}).errors == {}


@pytest.mark.parametrize("text", ["", "  ", "x", " 。 "])
def test_no_reason_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(reasons.ReasonRequired) as refusal:
        reasons.require(text, field="remark")
    assert (refusal.value.field, refusal.value.code, refusal.value.status) == ("remark", "reason-required", 422)


def test_a_fact_is_no_reason_and_may_repeat_itself() -> None:
    assert reasons.require_text(" 李李 ", field="wanted") == "李李"
