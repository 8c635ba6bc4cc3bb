"""What is refused before a view is asked, and what went wrong: a page for people, problem+json for machines."""

from typing import Any

import pytest
from django.test import RequestFactory

from config import pages
from shared.policy.models import CalendarDay

JSON = {"Accept": "application/json"}
PROBLEM = "application/problem+json"


@pytest.mark.parametrize("slug", ["", "alpha"])
def test_a_nul_is_a_page_for_people_and_a_problem_for_machines(
    institutions: Any, public_db: None, visit: Any, slug: str
) -> None:
    client = visit(slug)
    page = client.get("/?q=%00")
    assert (page.status_code, b"unreadable-text" in page.content) == (400, True)
    for path in ("/api/v1/certificates/%00/", "/verify/%00/?q=1", "/api/v1/nothing/?q=%00"):
        answer = client.get(path, headers=JSON)
        assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (400, PROBLEM, "unreadable-text")


@pytest.mark.parametrize("year", ["0", "1", "0001", "1899", "9999", "99999999999"])
def test_a_year_that_nobody_can_reckon_with_is_no_address(
    public_db: None, acting: Any, as_actor: Any, year: str
) -> None:
    client = acting(as_actor("province_officer", scope="360000"))
    plan = {"source": "演示", "text": "0001-01-01 off"}
    assert client.get(f"/authority/scores/{year}/").status_code == 404
    assert client.get(f"/rankings/{year}/").status_code == 404
    assert client.post(f"/authority/calendar/{year}/plans/", plan).status_code == 404
    clearing = f"/authority/calendar/2026/{'9' * 30}/1/clearing/"
    assert client.post(clearing, {"why": "演示"}).status_code == 404


@pytest.mark.parametrize("year", ["2003", "2101", "9999"])
def test_a_day_outside_the_years_of_plans_is_refused_at_its_field(
    public_db: None, acting: Any, as_actor: Any, year: str
) -> None:
    client = acting(as_actor("province_officer", scope="360000"))
    day = {"day": f"{year}-12-31", "kind": "off", "source": "演示"}
    answer = client.post("/authority/calendar/2026/days/", day)
    assert (answer.status_code, b"is-invalid" in answer.content) == (422, True)
    assert not CalendarDay.objects.filter(date__year=int(year)).exists()


def test_our_own_failure_is_a_problem_for_machines_and_a_page_for_people() -> None:
    make = RequestFactory()
    for request in (make.get("/api/v1/anything/"), make.get("/", headers=JSON)):
        answer = pages.server_error(request)
        assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
        assert b'"code": "server-error"' in answer.content
    page = pages.server_error(make.get("/"))
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")


@pytest.mark.parametrize("slug", ["", "alpha"])
def test_a_form_without_its_token_is_refused_in_the_readers_language(
    institutions: Any, public_db: None, visit: Any, slug: str
) -> None:
    client = visit(slug)
    client.handler.enforce_csrf_checks = True
    path = "/sign-in/" if slug else "/verify/"
    page = client.post(path, {})
    assert (page.status_code, "页面打开时间过长" in page.content.decode()) == (403, True)
    english = client.post(path, {}, headers={"Accept-Language": "en"}).content.decode()
    assert "This page was open for too long" in english
    answer = client.post(path, {}, headers=JSON)
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (403, PROBLEM, "csrf-token-refused")
