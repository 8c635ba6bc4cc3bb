"""Parts of pages that few values decide."""

from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

ENGINE = Engine(
    libraries={
        "memo": "kernel.templatetags.memo",
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
    }
)


def _template(text: str) -> Any:
    return ENGINE.from_string("{% load memo i18n %}" + text)


def test_a_part_is_drawn_once_for_its_values() -> None:
    template = _template("{% memo items=items %}{% for i in items %}{{ i.label }},{% endfor %}{% endmemo %}")
    first = {"items": [{"label": "a"}, {"label": "b"}]}
    assert template.render(Context(first)) == template.render(Context(first)) == "a,b,"
    assert template.render(Context({"items": [{"label": "a"}]})) == "a,"
    assert template.render(Context({"items": ()})) == ""


def test_a_part_sees_nothing_that_it_does_not_name() -> None:
    template = _template("{% memo name=name %}{{ name }}{{ other }}{% endmemo %}{{ other }}")
    assert template.render(Context({"name": "a", "other": "b"})) == "ab"


def test_what_is_escaped_is_not_taken_for_what_is_not() -> None:
    template = _template("{% memo name=name %}{{ name }}{% endmemo %}")
    assert template.render(Context({"name": mark_safe("<b>")})) == "<b>"
    assert template.render(Context({"name": "<b>"})) == "&lt;b&gt;"


def test_a_truth_is_not_taken_for_a_number() -> None:
    template = _template("{% memo n=n %}{{ n }}{% endmemo %}")
    assert [template.render(Context({"n": n})) for n in (1, True, None, 0, False)] == [
        "1",
        "True",
        "None",
        "0",
        "False",
    ]


def test_each_language_has_its_own() -> None:
    template = _template('{% memo %}{% translate "Menu" %}{% endmemo %}')
    with translation.override("zh-hans"):
        chinese = template.render(Context())
    with translation.override("en"):
        assert template.render(Context()) == "Menu" != chinese


def test_a_changed_setting_draws_it_again() -> None:
    template = _template("{% load static %}{% memo %}{% static 'a.svg' %}{% endmemo %}")
    before = template.render(Context())
    with override_settings(STATIC_URL="/elsewhere/"):
        assert template.render(Context()) == "/elsewhere/a.svg" != before
    assert template.render(Context()) == before


def test_a_row_is_no_value_that_decides() -> None:
    template = _template("{% memo row=row %}{{ row }}{% endmemo %}")
    with pytest.raises(TypeError):
        template.render(Context({"row": object()}))


def test_a_value_without_a_name_is_no_value() -> None:
    with pytest.raises(TemplateSyntaxError):
        _template("{% memo name %}{% endmemo %}")
