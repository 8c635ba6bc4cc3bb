"""A form that is submitted: the operation is called once it is valid, and a refusal stands where it belongs."""

import re
from pathlib import Path

import pytest
from django import forms

from kernel.errors import Invalid, Refusal
from kernel.reasons import ReasonRequired
from kernel.web.forms import DayField, MomentField, ReasonForm, RefusableForm, submit

ROOT = Path(__file__).resolve().parents[2]


class _Form(RefusableForm):
    name = forms.CharField(max_length=5)


class _Plain(forms.Form):
    name = forms.CharField(max_length=5)


def test_the_operation_gets_a_valid_form_and_its_answer_comes_back() -> None:
    form = _Form({"name": "甲"})
    success = submit(form, lambda: form.cleaned_data["name"] * 2)
    assert success is not None
    assert success.result == "甲甲"


def test_an_operation_that_returns_nothing_has_succeeded() -> None:
    assert submit(_Form({"name": "甲"}), lambda: None)


@pytest.mark.parametrize("data", [None, {}, {"name": "too long"}])
def test_nothing_is_done_with_a_form_that_was_not_sent_or_is_wrong(data: dict[str, str] | None) -> None:
    def fail() -> None:
        raise AssertionError

    assert submit(_Form(data), fail) is None


@pytest.mark.parametrize("form_class", [_Form, _Plain])
@pytest.mark.parametrize(
    ("field", "prefix", "place"), [("name", "", "name"), ("me", "na", "name"), ("other", "", "__all__")]
)
def test_a_refusal_stands_at_its_field_or_above_the_form(
    form_class: type[forms.Form], field: str, prefix: str, place: str
) -> None:
    def refuse() -> None:
        raise Refusal("Not now, %(name)s.", field=field, name="甲")

    form = form_class({"name": "甲"})
    assert submit(form, refuse, prefix=prefix) is None
    assert form.errors == {place: ["Not now, 甲."]}


@pytest.mark.parametrize(("why", "valid"), [("停电", True), (" 停 ", False), ("", False)])
def test_a_reason_is_asked_for_as_the_operation_wants_it(why: str, valid: bool) -> None:
    assert ReasonForm({"why": why}).is_valid() is valid


class _Days(forms.Form):
    day = DayField()
    starts_at = MomentField()


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_with_which_nobody_can_reckon_is_refused_at_its_field(day: str) -> None:
    form = _Days({"day": day, "starts_at": f"{day}T23:59"})
    assert set(form.errors) == {"day", "starts_at"}
    assert [fault.code for fault in form.errors.as_data()["day"]] == ["year"]
    assert _Days({"day": "1900-01-01", "starts_at": "2100-12-31T23:59"}).is_valid()


def test_no_form_takes_days_without_that_guard() -> None:
    sources = [path for base in ("platform", "tenants") for path in (ROOT / base).rglob("*.py")]
    bare = re.compile(r"forms\.(DateField|DateTimeField|SplitDateTimeField|TimeField)\(")
    found = {path.relative_to(ROOT).as_posix() for path in sources if bare.search(path.read_text())}
    assert found - {"platform/kernel/web/forms.py"} == set()


def test_a_refusal_is_raised_where_the_page_does_not_show_the_form_it_would_stand_on() -> None:
    def refuse() -> None:
        raise Refusal

    with pytest.raises(Refusal):
        submit(_Form({"name": "甲"}), refuse, shown=False)
    with pytest.raises(Invalid):
        submit(_Form({"name": "too long"}), refuse, shown=False)
    assert submit(_Form(None), refuse, shown=False) is None


@pytest.mark.parametrize("why", ["", " ", "x"])
def test_a_field_for_a_reason_says_in_one_sentence_that_a_reason_is_needed(why: str) -> None:
    form = ReasonForm({"why": why})
    assert form.errors["why"] == [str(ReasonRequired.message)]
