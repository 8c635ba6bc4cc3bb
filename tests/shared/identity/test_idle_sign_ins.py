"""Sign-ins of accounts with a role end after idle time, at every host; trainees stay signed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import clock, tenancy
from shared.identity.models.accounts import Account, SignIn

PASSWORD = "correct-horse-9"
WORDS = "未操作"


def _come(client: Any, totp: Callable[[], str] | None = None) -> Any:
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    if totp is not None:
        client.post("/account/2fa/authenticate/", {"code": totp()})
    assert client.get("/account/").status_code == 200
    return client


def _idle_for(minutes: int) -> None:
    with tenancy.open_public(), tenancy.as_owner():
        moment = clock.real_now() - timedelta(minutes=minutes)
        SignIn.objects.update(began_at=moment, seen_at=moment)


@pytest.fixture
def officer(make_account: Any) -> Any:
    """An officer with a second factor."""
    return make_account(roles=(("city_officer", "360100"),), totp=True)


def test_a_sign_in_with_a_role_ends_after_the_time_and_the_sign_in_page_says_why(
    officer: Any, visit: Any, totp: Callable[[], str]
) -> None:
    client = _come(visit(), totp)
    _idle_for(31)
    answer = client.get("/authority/recoveries/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fauthority%2Frecoveries%2F")
    row = SignIn.objects.get()
    assert (row.idle, row.ended_at is not None) == (True, True)
    page = client.get("/sign-in/?next=%2Faccount%2F", follow=True)
    assert WORDS in page.content.decode()
    assert "30" in page.content.decode()


def test_a_sign_in_that_is_used_goes_on_and_is_noted_once_a_minute(
    officer: Any, visit: Any, totp: Callable[[], str]
) -> None:
    client = _come(visit(), totp)
    _idle_for(29)
    assert client.get("/account/").status_code == 200
    seen = SignIn.objects.get().seen_at
    assert seen is not None
    assert clock.real_now() - seen < timedelta(minutes=1)
    assert client.get("/account/").status_code == 200
    assert SignIn.objects.get().seen_at == seen


def test_a_trainee_stays_signed_in(make_account: Any, visit: Any) -> None:
    make_account()
    client = _come(visit())
    _idle_for(600)
    assert client.get("/account/").status_code == 200
    assert (SignIn.objects.get().ended_at, SignIn.objects.get().idle) == (None, False)


def test_the_setting_says_how_long(officer: Any, visit: Any, totp: Callable[[], str], settings: Any) -> None:
    settings.NUOXING_STAFF_IDLE_MINUTES = 60
    client = _come(visit(), totp)
    _idle_for(59)
    assert client.get("/account/").status_code == 200
    _idle_for(61)
    assert client.get("/account/").status_code == 302


def test_use_at_one_host_is_use_at_all_and_the_end_is_the_end_at_all(
    make_account: Any, visit: Any, totp: Callable[[], str], alpha: Any
) -> None:
    with tenancy.open_public():
        account = make_account(roles=(("registrar", str(alpha.organisation_id)),), totp=True)
        platform = _come(visit(), totp)
        key = str(SignIn.objects.get().pk)
    school = visit("alpha")
    with tenancy.open_institution(alpha):
        school.force_login(
            Account.objects.get(pk=account.id), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        session = school.session
        session.update({"level": 2, "host": "alpha.nuoxing.localhost", "sign_in": key})
        session.save()
    _idle_for(29)
    assert school.get("/staff/").status_code == 200
    assert platform.get("/account/").status_code == 200  # used at the institution a moment ago
    _idle_for(31)
    assert school.get("/staff/").status_code == 302
    assert platform.get("/account/").status_code == 302
    assert WORDS in platform.get("/account/login/").content.decode()


def test_the_database_knows_no_idle_sign_in_that_goes_on(officer: Any, visit: Any, totp: Callable[[], str]) -> None:
    _come(visit(), totp)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignIn.objects.update(idle=True)
