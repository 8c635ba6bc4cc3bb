"""Who is acting: sessions, tokens, grants in their time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from kernel import clock, tenancy
from kernel.access import SYSTEM, Actor, Grant
from kernel.errors import Invalid, NotFound
from shared.identity.models.accounts import ApiToken
from shared.identity.operations import roles as identity_roles
from shared.identity.operations import tokens
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import actors

PASSWORD = "correct-horse-9"


def _me(client: Any, token: str) -> Any:
    return client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}")


def _token(account: account_queries.AccountValue, *scopes: str, level: int = 1, days: int = 30) -> str:
    by = Actor(account.id, None, account.name, level)
    return tokens.make_token(name="排课程序", scopes=scopes or ("read",), days=days, by=by, at=clock.real_now())


def test_a_token_acts_as_its_account(make_account: Any, visit: Any) -> None:
    account = make_account(roles=(("city_officer", "360100"),))
    answer = _me(visit(), _token(account, level=2))
    assert answer.json() == {
        "id": str(account.id),
        "name": "李小路",
        "identifier": "138****0001",
        "person_id": None,
        "level": 2,
        "grants": [{"role": "city_officer", "scope": "360100"}],
    }


def test_the_answer_about_oneself_has_an_etag(make_account: Any, visit: Any) -> None:
    token = _token(make_account())
    first = _me(visit(), token)
    again = visit().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_nobody_gets_a_problem_with_a_way_to_sign_in(public_db: None, visit: Any) -> None:
    answer = visit().get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (
        401,
        "application/problem+json",
        "sign-in-needed",
    )


@pytest.mark.parametrize("token", ["", "nxt_wrong", "x" * 500, "nxt_Ünicode"])
def test_a_wrong_token_is_refused(make_account: Any, visit: Any, token: str) -> None:
    make_account()
    answer = _me(visit(), token)
    assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")


def test_an_expired_token_is_refused(make_account: Any, visit: Any) -> None:
    token = _token(make_account())
    with tenancy.as_owner():
        ApiToken.objects.update(
            made_at=clock.real_now() - timedelta(days=31), expires_at=clock.real_now() - timedelta(seconds=1)
        )
    assert _me(visit(), token).status_code == 401


def test_a_revoked_token_is_refused_and_only_its_owner_revokes_it(make_account: Any, visit: Any) -> None:
    account, other = make_account("13800000001"), make_account("13800000002")
    token, row = _token(account), ApiToken.objects.get()
    with pytest.raises(NotFound):
        tokens.revoke_token(token_id=row.pk, by=Actor(other.id), at=clock.real_now())
    assert _me(visit(), token).status_code == 200
    tokens.revoke_token(token_id=row.pk, by=Actor(account.id), at=clock.real_now())
    assert _me(visit(), token).status_code == 401


def test_a_token_that_may_read_does_not_write(make_account: Any, visit: Any) -> None:
    token = _token(make_account())
    answer = visit().post("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-refused")
    both = _token(account_queries.account(ApiToken.objects.get().account_id), "read", "write")
    assert visit().post("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {both}").status_code == 405


def test_a_token_opens_no_page(make_account: Any, visit: Any) -> None:
    token = _token(make_account())
    assert visit().get("/account/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 302


@pytest.mark.parametrize(("scopes", "days"), [((), 30), (("rule",), 30), (("read",), 0), (("read",), 366)])
def test_a_token_of_no_sense_is_not_made(make_account: Any, scopes: tuple[str, ...], days: int) -> None:
    account = make_account()
    with pytest.raises(Invalid):
        tokens.make_token(name="x", scopes=scopes, days=days, by=Actor(account.id), at=clock.real_now())
    assert ApiToken.objects.count() == 0


def test_a_token_is_shown_once_on_its_page(make_account: Any, visit: Any) -> None:
    make_account()
    client = visit()
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    answer = client.post("/account/tokens/", {"name": "课表", "scopes": ["read"], "days": "30"})
    assert answer.context["made"].startswith("nxt_")
    assert answer.context["made"] in answer.content.decode()
    assert "nxt_" not in client.get("/account/tokens/").content.decode()
    assert client.post("/account/tokens/", {"name": "", "scopes": [], "days": "900"}).status_code == 422


def test_a_grant_counts_from_its_beginning_to_its_end(
    make_account: Any, visit: Callable[..., Any], at: datetime
) -> None:
    account = make_account(roles=(("inspector", "360100"),))
    identity_roles.end_role(
        account_id=account.id, role="inspector", scope="360100", by=SYSTEM, at=at + timedelta(days=10)
    )

    def grants(moment: datetime) -> frozenset[Grant]:
        client = visit(moment=moment)
        client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
        found: frozenset[Grant] = client.get("/account/").wsgi_request.actor.grants
        return found

    held = frozenset({Grant("inspector", "360100")})
    assert [grants(at + timedelta(days=d)) for d in (-1, 0, 9, 10)] == [frozenset(), held, held, frozenset()]


@pytest.mark.parametrize("count", [1, 3])
def test_an_actor_costs_two_queries_however_many_roles(make_account: Any, visit: Any, count: int, asks: Any) -> None:
    codes = ("360100", "360200", "360300")[:count]
    make_account(roles=tuple(("inspector", code) for code in codes))
    client = visit()
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    request = client.get("/account/").wsgi_request
    assert asks(lambda: actors.actor_of(request)) == 2
    assert len(actors.actor_of(request).grants) == count


def test_a_token_costs_two_queries(make_account: Any, visit: Any, asks: Any) -> None:
    token = _token(make_account())
    request = _me(visit(), token).wsgi_request
    assert asks(lambda: actors.actor_of(request)) == 2


def test_nobody_costs_no_query(public_db: None, rf: Any, asks: Any) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    assert actors.actor_of(request).is_authenticated is False
    assert asks(lambda: actors.actor_of(request)) == 0
