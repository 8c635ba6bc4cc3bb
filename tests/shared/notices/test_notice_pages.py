"""The inbox as a page and over REST."""

from datetime import datetime
from typing import Any

import pytest

from kernel import clock
from kernel.access import Actor
from shared.identity.operations import accounts, tokens
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices
from shared.notices.models import Notice

PASSWORD = "correct-horse-9"


@pytest.fixture
def account(public_db: None, at: datetime) -> account_queries.AccountValue:
    """An account that can sign in."""
    return accounts.register_account(identifier="13800000001", password=PASSWORD, name="李小路", at=at)


@pytest.fixture
def reader(account: account_queries.AccountValue, visit: Any) -> Any:
    """A browser in which it is signed in."""
    client = visit()
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    return client


def _tell(account: account_queries.AccountValue, at: datetime, times: int = 1) -> None:
    for n in range(times):
        context = {"role": f"角色{n}", "at": "演示培训学校甲", "url": "/account/"}
        notices.send(to=account, template="identity.granted", context=context, at=at, channels=["in_app"])


def test_opening_a_notice_marks_it_and_leads_on(
    account: account_queries.AccountValue, reader: Any, at: datetime
) -> None:
    _tell(account, at)
    assert "新角色：角色0" in reader.get("/account/notices/").content.decode()
    answer = reader.get(f"/account/notices/{Notice.objects.get().pk}/")
    assert (answer["Location"], Notice.objects.get().read_at) == ("/account/", at)


def test_all_can_be_marked_as_read(account: account_queries.AccountValue, reader: Any, at: datetime) -> None:
    _tell(account, at, 3)
    reader.get("/account/notices/reading/")
    assert Notice.objects.filter(read_at=None).count() == 3
    reader.post("/account/notices/reading/")
    assert Notice.objects.filter(read_at=None).count() == 0


def test_unread_notices_stand_on_the_landing_page(
    account: account_queries.AccountValue, reader: Any, at: datetime
) -> None:
    _tell(account, at, 3)
    todos = reader.get("/account/home/").context["todos"]
    assert [str(t.url) for t in todos] == ["/account/person/", "/account/notices/"]


def test_the_inbox_of_nobody_asks_to_sign_in(public_db: None, visit: Any) -> None:
    assert visit().get("/account/notices/")["Location"] == "/sign-in/?next=%2Faccount%2Fnotices%2F"
    assert visit().get("/api/v1/notices/").status_code == 401


def test_rest_pages_by_cursor_newest_first_and_shows_only_ones_own(
    account: account_queries.AccountValue, visit: Any, at: datetime
) -> None:
    other = accounts.register_account(identifier="13800000002", password="x", name="吴某", at=at)
    _tell(account, at, 3)
    _tell(other, at, 1)
    token = tokens.make_token(name="t", scopes=["read"], days=1, by=Actor(account.id), at=clock.real_now())
    head = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_ACCEPT_LANGUAGE": "en"}
    first = visit().get("/api/v1/notices/?page_size=2", **head).json()
    second = visit().get(first["next"].removeprefix("http://nuoxing.localhost:8000"), **head).json()
    titles = [row["title"] for row in [*first["results"], *second["results"]]]
    assert titles == ["New role: 角色2", "New role: 角色1", "New role: 角色0"]
    assert second["next"] is None


def test_a_notice_of_somebody_else_is_not_found(
    account: account_queries.AccountValue, reader: Any, at: datetime
) -> None:
    other = accounts.register_account(identifier="13800000002", password="x", name="吴某", at=at)
    _tell(other, at)
    assert reader.get(f"/account/notices/{Notice.objects.get().pk}/").status_code == 404
    assert Notice.objects.get().read_at is None
