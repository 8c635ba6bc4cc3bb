"""What is refused before a view is asked, and what went wrong: a page for people, problem+json for machines."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from config import pages
from kernel import tenancy
from kernel.web.middleware import AccessMiddleware
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


@pytest.mark.parametrize(
    "asked",
    [
        "sort=x",
        "sort=",
        "sort=-",
        "sort=0.1",
        "sort=%7B%22a%22%3A1%7D",
        "per_page=-1",
        "per_page=0",
        "per_page=501",
        "per_page=%EF%BC%95",
        "page=-1",
        "page=x",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_that_no_list_has_is_refused_in_words(
    institutions: Any, public_db: None, visit: Any, asked: str, language: str
) -> None:
    answer = visit().get(f"/institutions/?{asked}", headers={"Accept-Language": language})
    words = {"zh-hans": "列表中没有这一页", "en": "This list has no such page"}[language]
    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert visit().get("/institutions/?per_page=5&page=1").status_code == 200


@pytest.mark.parametrize(
    ("role", "path", "column"),
    [
        ("cashier", "/staff/orders/", "placed_at"),
        ("registrar", "/staff/enrolments/", "applied_at"),
        ("teacher", "/staff/classes/", "starts_on"),
        ("registrar", "/staff/prices/", "fee_item"),
    ],
)
def test_a_list_is_sorted_by_its_columns_and_by_nothing_else(
    alpha: Any, acting: Any, as_actor: Any, role: str, path: str, column: str
) -> None:
    client = acting(as_actor(role, scope=str(alpha.organisation_id)), "alpha")
    assert [client.get(f"{path}?sort={order}").status_code for order in (column, f"-{column}")] == [200, 200]
    for order in ("x", "", "0.1", "../../x", "%7B%22a%22%3A1%7D", "total"):
        answer = client.get(f"{path}?sort={order}")
        assert (answer.status_code, b"unknown-page" in answer.content) == (400, True), order


def test_what_a_column_cannot_hold_is_refused_in_words(public_db: None) -> None:
    request = RequestFactory().get("/api/v1/anything/")
    with connection.cursor() as cursor, tenancy.as_owner():
        with pytest.raises(DataError) as number, transaction.atomic():
            cursor.execute("SELECT %s::bigint", ["9" * 40])
        with pytest.raises(IntegrityError) as day, transaction.atomic():
            cursor.execute("INSERT INTO kernel_heartbeat (name, beat_at) VALUES ('worker', '0001-01-01')")
    for fault in (number.value, day.value):
        answer = AccessMiddleware(lambda _request: HttpResponse()).process_exception(request, fault)
        assert answer is not None
        assert (answer.status_code, b"beyond-bounds" in answer.getvalue()) == (422, True)


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
    day = {"day": f"{year}-12-31", "kind": "off", "source": "演示", "made_from": "{}"}
    answer = client.post("/authority/calendar/2026/days/", day)
    assert (answer.status_code, b"is-invalid" in answer.content) == (422, True)
    assert not CalendarDay.objects.filter(date__year=int(year)).exists()


def test_stamps_of_many_levels_are_no_stamps(public_db: None, acting: Any, as_actor: Any) -> None:
    client = acting(as_actor("province_officer", scope="360000"))
    day = {"day": "2026-12-31", "kind": "off", "source": "演示", "made_from": "[" * 2000 + "]" * 2000}
    assert client.post("/authority/calendar/2026/days/", day).status_code == 422
    assert not CalendarDay.objects.exists()


def test_our_own_failure_is_a_problem_for_machines_and_a_page_for_people() -> None:
    make = RequestFactory()
    for request in (make.get("/api/v1/anything/"), make.get("/", headers=JSON)):
        answer = pages.server_error(request)
        assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
        assert b'"code": "server-error"' in answer.content
    page = pages.server_error(make.get("/"))
    assert (page.status_code, page["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_our_own_failure_is_told_in_the_frame_of_other_pages_without_asking_anything() -> None:
    request = RequestFactory().get("/")  # with no session, no actor, no account; and this test may ask no database
    request.id = "0123456789abcdef"  # type: ignore[attr-defined]  # as the first middleware sets it
    with translation.override("en"):
        text = pages.server_error(request).getvalue().decode()
    assert all(one in text for one in ("<header>", "Training for construction sites", "<footer>", "/static/error.css"))
    assert text.count("0123456789abcdef") == 1
    with translation.override("zh-hans"):
        assert "平台出错了" in pages.server_error(request).getvalue().decode()


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


REFUSED_METHODS = [("", "/verify/"), ("", "/notices/"), ("alpha", "/"), ("alpha", "/my/")]


@pytest.mark.parametrize(("slug", "path"), REFUSED_METHODS)
def test_a_method_that_an_address_does_not_take_is_a_page_with_words_and_a_problem(
    institutions: Any, public_db: None, acting: Any, as_actor: Any, slug: str, path: str
) -> None:
    client = acting(as_actor(), slug)
    page = client.delete(path)
    assert (page.status_code, "不接受 DELETE 请求" in page.content.decode()) == (405, True)
    assert "GET" in page["Allow"]
    english = client.delete(path, headers={"Accept-Language": "en"}).content.decode()
    assert "takes no DELETE request" in english
    answer = client.delete(path, headers=JSON)
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (405, PROBLEM, "method-not-taken")


def test_the_api_refuses_methods_and_kinds_of_answers_with_problems(public_db: None, visit: Any) -> None:
    path = "/api/v1/openapi.json"
    for answer, status in ((visit().delete(path), 405), (visit().get(path, headers={"Accept": "image/png"}), 406)):
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)


@pytest.mark.parametrize("host", ["a b", "<script>", "nuoxing.localhost:x", "a/b"])
def test_a_host_that_cannot_be_one_is_a_page_in_the_readers_language_and_a_problem(
    public_db: None, visit: Any, host: str
) -> None:
    client = visit()
    client.defaults["HTTP_HOST"] = host
    page = client.get("/")
    assert (page.status_code, "服务器名称无效" in page.content.decode(), "<script>" in page.content.decode()) == (
        400,
        True,
        False,
    )
    assert "cannot be one" in client.get("/", headers={"Accept-Language": "en"}).content.decode()
    answer = client.get("/", headers=JSON)
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (400, PROBLEM, "bad-host")


def test_an_address_of_no_institution_is_said_in_the_readers_language(public_db: None, visit: Any) -> None:
    for language, words in (("en", "No institution is known"), ("zh-hans", "没有")):
        page = visit("nobody").get("/", headers={"Accept-Language": language})
        assert (page.status_code, words in page.content.decode()) == (404, True)


def test_what_django_and_packages_refuse_stands_in_the_houses_frame(public_db: None, visit: Any) -> None:
    request = visit().get("/verify/").wsgi_request
    fault = Exception("演示")
    answers = [pages.bad_request(request, fault), pages.permission_denied(request, fault)]
    answers += [pages.page_not_found(request, fault), pages.too_many_requests(request)]
    assert [answer.status_code for answer in answers] == [400, 403, 404, 429]
    assert all(b"nx-refusal" in answer.content and b"<main" in answer.content for answer in answers)
    assert answers[3]["Retry-After"] == "60"
