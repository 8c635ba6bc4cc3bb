"""Tables: a long list comes by fifties, and the way to the next page keeps what the reader asked for."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import django_tables2 as tables
import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory
from django.utils import translation

from kernel.tables import PER_PAGE, DayColumn, RowsTable, TimeColumn, ValueRows, paged, spoken
from kernel.values import ValueList
from shared.policy.models import Authority


@dataclass(frozen=True)
class Visit:
    name: str | None
    day: date
    at: datetime


class VisitTable(RowsTable):
    name = tables.Column(verbose_name="Name")
    day = DayColumn(verbose_name="Day")
    at = TimeColumn(verbose_name=spoken("At"))


def _visits(number: int) -> list[Visit]:
    return [Visit(f"v{n}", date(2026, 3, 2), datetime(2026, 3, 2, 17, 30, tzinfo=UTC)) for n in range(number)]


def _rendered(query: dict[str, str], number: int) -> BeautifulSoup:
    request: Any = RequestFactory().get("/visits/", query)
    with translation.override("zh-hans"):
        return BeautifulSoup(paged(request, VisitTable(_visits(number))).as_html(request), "html.parser")


def test_a_list_of_one_page_says_only_how_many_rows_there_are() -> None:
    page = _rendered({}, 3)
    assert [row.td.get_text() for row in page.select("tbody tr")] == ["v0", "v1", "v2"]
    assert (page.select_one(".nx-pages p").get_text(strip=True), page.select(".nx-pages a")) == ("共 3 条", [])


def test_the_way_to_another_page_keeps_the_other_parameters() -> None:
    page = _rendered({"state": "open", "page": "2"}, PER_PAGE + 1)
    assert [row.td.get_text() for row in page.select("tbody tr")] == [f"v{PER_PAGE}"]
    links = {link["href"] for link in page.select(".nx-pages a")}
    assert links == {"?state=open&page=1"}


def test_moments_are_shown_by_the_clock_in_china_and_headings_of_buttons_only_heard() -> None:
    page = _rendered({}, 1)
    assert [cell.get_text(strip=True) for cell in page.select("tbody td")] == [
        "v0",
        "2026年3月2日",
        "2026年3月3日 01:30",
    ]
    assert page.select("thead th")[2].select_one(".visually-hidden").get_text() == "At"


def test_what_a_row_has_not_is_left_blank() -> None:
    request: Any = RequestFactory().get("/visits/")
    rows = [Visit(None, date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC))]
    page = BeautifulSoup(paged(request, VisitTable(rows)).as_html(request), "html.parser")
    assert page.select_one("tbody td").get_text(strip=True) == ""


def test_headings_do_not_sort() -> None:
    """The order is the query's: the first due first, the newest first."""
    assert _rendered({}, 3).select("thead a") == []


class PlaceTable(RowsTable):
    name = tables.Column()


Place = namedtuple("Place", "name parent")


@pytest.mark.django_db
def test_of_values_only_a_page_is_read(django_assert_num_queries: Any) -> None:
    places = ValueList(Authority.objects.order_by("code"), Place, ("name", "parent__name"))
    request: Any = RequestFactory().get("/places/", {"page": "2"})
    table = PlaceTable(ValueRows(places))
    with django_assert_num_queries(2) as asked:
        tables.RequestConfig(request, paginate={"per_page": 5}).configure(table)
        shown = [row.record.name for row in table.paginated_rows]
    assert shown == list(Authority.objects.order_by("code").values_list("name", flat=True)[5:10])
    count, rows = (question["sql"] for question in asked.captured_queries)
    assert "JOIN" not in count
    assert "LIMIT 5" in rows
