"""Rows and filters drawn in Python are what the packages' own templates draw, word for word."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import django_filters
import django_tables2 as tables
import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.template import Context, engines
from django.test import RequestFactory

from kernel.columns import ShortDayColumn, ShortTimeColumn, StateColumn
from kernel.rows import rows
from kernel.templatetags.lists import filter_fields, is_plain
from shared.exchange.filters import ArrivalFilter, MessageFilter
from shared.registry.filters import CommitmentFilter
from tenants.billing.filters import OrderFilter
from tenants.billing.states import OrderState
from tenants.rosters.filters import EnrolmentFilter
from tenants.rosters.models import Enrolment
from tenants.rosters.states import EnrolmentState

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BADGE = '{% include "components/state_badge.html" with label=record.badge.label tone=record.badge.tone only %}'
NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class _Stock(tables.Table):
    """A table of the package alone."""

    number = tables.Column(linkify=("rosters:enrolment", {"enrolment_id": tables.A("pk")}))
    person_name = tables.Column()
    channel = tables.Column(attrs=NUMBER)
    practice_years = tables.Column()
    evidence = tables.Column()
    klass = tables.Column(accessor="training_class__name", empty_values=())
    applied_on = tables.DateColumn(accessor="applied_at", short=True)
    applied_at = tables.DateTimeColumn(short=True)
    state_since = tables.Column()
    state = tables.TemplateColumn(template_code=BADGE)

    class Meta:
        orderable = False

    def render_person_name(self, value: str, record: Enrolment) -> str:
        """Return what is not to be taken for HTML."""
        return f"<{value}> {record.number}"


class _Ours(_Stock):
    """The same with our columns."""

    applied_on = ShortDayColumn(accessor="applied_at")
    applied_at = ShortTimeColumn()
    state = StateColumn()


def _enrolments() -> list[Enrolment]:
    return [
        Enrolment(
            id=uuid.UUID(int=n), number=f"E&{n}", person_name="演示甲", channel="counter", practice_years=n,
            applied_at=AT, state_since=AT, state=state,
        )
        for n, state in enumerate(EnrolmentState.values)
    ]  # fmt: skip


def _cells(html: str) -> list[str]:
    body = re.search(r"<tbody[^>]*>(.*)</tbody>", html, re.DOTALL)
    found = re.findall(r"<(tr[^>]*|td[^>]*)>\s*(.*?)\s*(?=</td>|<td|$)", body[1] if body else html, re.DOTALL)
    return [re.sub(r"\s+", " ", f"{tag}|{text}") for tag, text in found]


@pytest.mark.urls("config.urls_tenant")
def test_rows_are_what_the_package_draws() -> None:
    request: Any = RequestFactory().get("/")
    stock = engines["django"].from_string(
        "{% load django_tables2 %}{% render_table table 'django_tables2/bootstrap5.html' %}"
    )
    theirs = stock.template.render(Context({"table": _Stock(_enrolments()), "request": request}))  # type: ignore[attr-defined]  # Django's own engine
    table = _Ours(_enrolments())
    page = engines["django"].from_string("{{ drawn }}").template  # type: ignore[attr-defined]  # as above
    context = Context({"table": table})
    with context.bind_template(page):
        table.context = context
        ours = rows(table, context)
    assert len(_cells(theirs)) == len(EnrolmentState.values) * 11
    assert _cells(ours) == _cells(theirs)


def test_a_cell_that_rows_have_alike_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    class Column(StateColumn):
        def render(self, record: Any, **kwargs: Any) -> Any:
            drawn.append(record.state)
            return record.state

    class Table(tables.Table):
        state = Column()

    table = Table([row for row in _enrolments() for _n in range(5)], orderable=False)
    assert rows(table, Context()).count("<td") == 5 * len(EnrolmentState.values)
    assert sorted(drawn) == sorted(EnrolmentState.values)


class _Filter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Name & number", max_length=100)
    state = django_filters.ChoiceFilter(label="State", choices=OrderState.choices, empty_label="Any")


@pytest.mark.parametrize("asked", [{}, {"q": 'a"<b>', "state": "paid"}, {"state": "nonsense"}])
def test_a_filters_fields_are_what_crispy_draws(asked: dict[str, str]) -> None:
    form = _Filter(asked, queryset=Enrolment.objects.none()).form
    ours, theirs = (re.sub(r"\s+", "", html) for html in (filter_fields(form), as_crispy_form(form)))
    assert ours == theirs


@pytest.mark.parametrize(
    "kind", [_Filter, ArrivalFilter, CommitmentFilter, EnrolmentFilter, MessageFilter, OrderFilter]
)
def test_a_lists_filter_needs_no_crispy_and_says_in_words_that_anything_will_do(
    kind: type[django_filters.FilterSet],
) -> None:
    form = kind({}, queryset=Enrolment.objects.none()).form
    assert [field.name for field in form if not is_plain(field)] == []
    words = [str(field.field.empty_label) for field in form if hasattr(field.field, "empty_label")]
    assert [said for said in words if "---" in said] == []
