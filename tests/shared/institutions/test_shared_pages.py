"""Public pages: shared by everybody who is not signed in, and by nobody else; another fact, another ETag."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from kernel import shared_pages, tenancy
from shared.institutions.models import Institution, Organisation, StandingEntry
from shared.policy.models import Authority, CalendarDay

PATHS = ["/", "/institutions/", "/institutions/?q=x", "/institutions/alpha/", "/policy/", "/notices/"]


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    shared_pages._drawn.clear()


def _mark(client: Any, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer["ETag"])


@pytest.mark.parametrize("path", PATHS)
def test_anybody_gets_a_page_that_caches_may_keep(public_db: None, visit: Any, path: str) -> None:
    answer = visit(moment=None).get(path)
    assert answer.status_code == 200
    assert answer["ETag"].startswith('"')
    assert answer["Cache-Control"] == "public, max-age=10"
    assert {"Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
    assert not answer.cookies
    assert b"csrf" not in answer.content.lower()


@pytest.mark.parametrize("path", PATHS)
def test_whoever_has_the_page_is_told_so(public_db: None, visit: Any, path: str) -> None:
    client = visit(moment=None)
    again = client.get(path, headers={"If-None-Match": _mark(client, path)})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["Cache-Control"], again["ETag"]) == ("public, max-age=10", _mark(client, path))


@pytest.mark.parametrize("path", PATHS)
def test_who_is_signed_in_gets_a_page_of_their_own(
    public_db: None, acting: Any, visit: Any, as_actor: Any, path: str
) -> None:
    client = acting(as_actor("province_officer", scope="360000", name="演示处长"))
    client.defaults.pop("HTTP_NUOXING_NOW")
    mark = _mark(visit(moment=None), path)
    answer = client.get(path, headers={"If-None-Match": mark})
    assert answer.status_code == 200
    assert ("ETag" in answer, answer["Cache-Control"]) == (False, "private, no-store")
    assert "演示处长" in answer.content.decode()


def test_a_page_of_another_time_or_with_messages_or_a_session_is_not_shared(
    public_db: None, visit: Any, at: Any, settings: Any
) -> None:
    assert "ETag" not in visit(moment=at).get("/notices/")
    for name in ("messages", settings.SESSION_COOKIE_NAME):
        client = visit(moment=None)
        client.cookies[name] = "x"
        assert client.get("/notices/")["Cache-Control"] == "private, no-store"
    assert "ETag" not in visit(moment=None).post("/notices/")


def test_language_and_theme_have_marks_of_their_own(public_db: None, visit: Any) -> None:
    client = visit(moment=None)
    marks = {_mark(client, "/"), _mark(client, "/", **{"Accept-Language": "en"})}
    client.cookies["nx_theme"] = "dark"
    marks.add(_mark(client, "/"))
    assert len(marks) == 3
    assert client.post("/i18n/setlang/", {"language": "en", "next": "/"}).status_code == 302
    assert "Find a training institution" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/", lambda: Institution.objects.filter(slug="alpha").update(name="改名")),
        ("/institutions/", lambda: Organisation.objects.filter(name="演示培训学校甲").update(state="suspended")),
        ("/institutions/alpha/", lambda: Institution.objects.filter(slug="alpha").update(positions=["CLY"])),
        ("/policy/", lambda: Authority.objects.filter(code="360100").update(name_en="Renamed")),
    ],
)
def test_a_changed_fact_has_another_mark(public_db: None, visit: Any, path: str, change: Any) -> None:
    client = visit(moment=None)
    before = _mark(client, path)
    assert _mark(client, path) == before
    with tenancy.as_owner():
        change()
    assert client.get(path, headers={"If-None-Match": before}).status_code != 304


def test_a_row_more_and_a_row_less_have_other_marks(public_db: None, visit: Any, at: Any) -> None:
    client = visit(moment=None)
    none = _mark(client, "/notices/")
    before = transaction.savepoint()
    day = CalendarDay.objects.create(date=at.date(), kind="off", source="演示", entered_at=at)
    one = _mark(client, "/notices/")
    CalendarDay.objects.filter(pk=day.pk).update(superseded_at=at + timedelta(hours=1))
    assert len({none, one, _mark(client, "/notices/")}) == 3
    transaction.savepoint_rollback(before)
    assert _mark(client, "/notices/") == none


@pytest.mark.parametrize("more", [1, 3])
def test_a_page_drawn_before_asks_one_question(
    public_db: None, visit: Any, asked: Any, institutions: Any, at: Any, more: int
) -> None:
    for n in range(more):
        StandingEntry.objects.create(
            organisation=institutions[0].organisation, state="listed", since=f"202{n}-01-01T00:00Z"
        )
    client = visit(moment=None)
    for path in PATHS[:2] + PATHS[3:]:
        drawn = client.get(path).content
        with asked(1):
            assert client.get(path).content == drawn
