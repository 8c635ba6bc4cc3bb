"""A form that is submitted: the operation is called once it is valid, and a refusal stands where it belongs."""

import pytest
from django import forms

from kernel.errors import Refusal
from kernel.web.forms import ReasonForm, RefusableForm, submit


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
