"""Signing up, in and out at the platform's host."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command

from kernel import clock
from kernel.access import Actor, Denied
from shared.identity.models.accounts import Account, SignIn
from shared.identity.models.consents import Consent
from shared.identity.operations import accounts, tokens
from shared.identity.queries import accounts as account_queries
from shared.notices.models import Message

PASSWORD = "correct-horse-9"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SIGN_UP = {"name": "王一心", "identifier": "139 0000 0001", "password1": PASSWORD, "agree": "on"}


def _sign_in(client: Any, identifier: str, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": identifier, "password": password})


def test_one_signs_up_with_a_mobile_number_and_a_code(
    public_db: None, visit: Any, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    client = visit()
    answer = client.post("/account/signup/", SIGN_UP)
    assert (answer.status_code, answer["Location"]) == (302, "/account/phone/verify/")
    code = code_in(newest("identity.code"))
    answer = client.post("/account/phone/verify/", {"code": code})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    account = Account.objects.get()
    assert (account.name, account.mobile.reveal(), account.mobile_verified_at is not None) == (
        "王一心",
        "13900000001",
        True,
    )
    assert Consent.objects.get().version == "2026-01"
    assert client.get("/account/home/").status_code == 200


def test_one_signs_up_with_an_email_address_and_a_code(
    public_db: None, visit: Any, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    client = visit()
    answer = client.post("/account/signup/", SIGN_UP | {"identifier": "Yi@Example.com"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")
    answer = client.post("/account/confirm-email/", {"code": code_in(newest("identity.code"))})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    assert Account.objects.get().email == "yi@example.com"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("identifier", "12345", "mobile number of 11 digits"),
        ("identifier", "", "required"),
        ("password1", "1234567890", "numeric"),
        ("password1", "short-1", "10 characters"),
        ("name", "x1", "2 to 30 characters"),
        ("agree", "", "required"),
    ],
)
def test_a_false_sign_up_is_told_at_its_field_and_makes_nothing(
    public_db: None, visit: Any, field: str, value: str, words: str
) -> None:
    answer = visit().post("/account/signup/", SIGN_UP | {field: value}, HTTP_ACCEPT_LANGUAGE="en")
    assert words in " ".join(answer.context["form"].errors[field])
    assert Account.objects.count() == 0


def test_signing_up_again_looks_the_same_and_tells_only_the_owner(
    make_account: Any, visit: Any, newest: Callable[..., str]
) -> None:
    account = make_account("13900000001")
    answer = visit().post("/account/signup/", SIGN_UP)
    assert (answer.status_code, answer["Location"]) == (302, "/account/phone/verify/")
    assert "account" in newest("identity.account_exists") or "账" in newest("identity.account_exists")
    assert list(Account.objects.values_list("pk", flat=True)) == [account.id]
    assert Account.objects.get().check_password(PASSWORD)


def test_an_account_begun_with_my_number_and_never_proved_does_not_keep_me_out(
    public_db: None, visit: Any, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    visit().post("/account/signup/", SIGN_UP | {"name": "别人", "password1": "strangers-word-1"})
    squatter = Account.objects.get()
    cache.clear()
    client = visit()
    client.post("/account/signup/", SIGN_UP)
    client.post("/account/phone/verify/", {"code": code_in(newest("identity.code"))})
    account = Account.objects.get()
    assert (account.pk != squatter.pk, account.name, account.check_password(PASSWORD)) == (True, "王一心", True)


def test_a_code_does_not_open_an_account_that_a_stranger_began(
    public_db: None, visit: Any, newest: Callable[..., str]
) -> None:
    visit().post("/account/signup/", SIGN_UP)
    cache.clear()
    visit().post("/account/login/code/", {"identifier": "13900000001"})
    newest()
    assert Message.objects.order_by("-id")[0].template == "identity.unknown_account"


@pytest.mark.parametrize("identifier", ["13800000001", "+86 138-0000-0001"])
def test_one_signs_in_with_the_password(make_account: Any, visit: Any, identifier: str) -> None:
    make_account("13800000001")
    client = visit()
    answer = _sign_in(client, identifier)
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    assert client.session["host"] == "nuoxing.localhost"


@pytest.mark.parametrize("identifier", ["13800000001", "13800000002", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    make_account: Any, visit: Any, identifier: str
) -> None:
    make_account("13800000001")
    answer = visit().post(
        "/account/login/", {"login": identifier, "password": "wrong-word-123"}, HTTP_ACCEPT_LANGUAGE="en"
    )
    assert answer.context["form"].errors == {
        "password": ["The mobile number or e-mail address and the password do not fit together."]
    }


def test_after_five_failures_the_right_password_waits_too_and_other_numbers_do_not(
    make_account: Any, visit: Any
) -> None:
    make_account("13800000001")
    make_account("13800000002")
    for _ in range(5):
        _sign_in(visit(), "13800000001", "wrong-word-123")
    assert _sign_in(visit(), "13800000001").status_code == 200
    assert _sign_in(visit(), "13800000002").status_code == 302


def test_in_a_demonstration_the_page_tells_where_the_code_can_be_read(
    make_account: Any, visit: Any, settings: Any
) -> None:
    make_account("13800000001")
    path = "/account/login/code/"
    outside = visit().post(path, {"identifier": "13800000001"}, follow=True).content.decode()
    settings.NUOXING_DEMO = True
    inside = visit().post(path, {"identifier": "13800000001"}, follow=True).content.decode()
    link = '<a href="/demo/outbox/" target="_blank">'
    assert (link in outside, link in inside) == (False, True)


def test_one_signs_in_with_a_code_instead_of_a_password(
    make_account: Any, visit: Any, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    make_account("13800000001")
    client = visit()
    answer = client.post("/account/login/code/", {"identifier": "13800000001"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/code/confirm/")
    answer = client.post("/account/login/code/confirm/", {"code": code_in(newest("identity.code"))})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")


def test_a_forgotten_password_is_set_anew_by_a_link_to_the_phone(
    make_account: Any, visit: Any, newest: Callable[..., str], link_in: Callable[[str], str]
) -> None:
    account = make_account("13800000001")
    token = tokens.make_token(name="x", scopes=["read"], days=9, by=Actor(account.id), at=clock.real_now())
    client = visit()
    answer = client.post("/account/password/reset/", {"email": "13800000001"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/done/")
    answer = client.get(link_in(newest("identity.password_reset")))
    answer = client.post(answer["Location"], {"password1": "another-word-7", "password2": "another-word-7"})
    assert answer.status_code == 302
    assert Account.objects.get().check_password("another-word-7")
    assert visit().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_asking_for_a_new_password_of_an_unknown_number_looks_the_same(
    public_db: None, visit: Any, newest: Callable[..., str]
) -> None:
    answer = visit().post("/account/password/reset/", {"email": "13800000009"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/done/")
    newest("identity.unknown_account")


def test_with_an_authenticator_the_password_alone_does_not_sign_in(
    make_account: Any, visit: Any, totp: Callable[[], str]
) -> None:
    make_account("13800000001", roles=(("city_officer", "360100"),), totp=True)
    client = visit()
    answer = _sign_in(client, "13800000001")
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    answer = client.post("/account/2fa/authenticate/", {"code": totp()})
    assert answer["Location"] == "/account/home/"
    assert client.get("/account/home/")["Location"] == "/authority/"


def test_a_code_of_the_authenticator_opens_once(make_account: Any, visit: Any, totp: Callable[[], str]) -> None:
    make_account("13800000001", totp=True)
    first, second, code = visit(), visit(), totp()
    for client in (first, second):
        _sign_in(client, "13800000001")
    assert first.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 200


def test_staff_without_an_authenticator_are_led_to_set_one_up_and_are_then_strong(
    make_account: Any, visit: Any
) -> None:
    account = make_account("13800000001", roles=(("platform_operator", ""),))
    client = visit()
    _sign_in(client, "13800000001")
    answer = client.get("/operator/people/")
    assert answer["Location"] == "/sign-in/?next=%2Foperator%2Fpeople%2F&second=1"
    answer = client.get(answer["Location"])
    assert answer["Location"] == "/account/2fa/totp/activate/"
    secret = client.get(answer["Location"]).context["form"].secret
    assert f"{secret}" not in str(Authenticator.objects.values_list("data", flat=True))
    answer = client.post("/account/2fa/totp/activate/", {"code": pyotp.TOTP(secret).now()})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    assert client.get("/account/2fa/recovery-codes/").status_code == 200
    assert client.get("/account/home/")["Location"] == "/operator/people/"
    assert client.get("/operator/people/").status_code == 200
    assert account_queries.has_second_factor(account.id)


def test_who_has_just_signed_up_sets_up_an_authenticator_without_the_password_again(
    public_db: None, visit: Any, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    client = visit()
    client.post("/account/signup/", SIGN_UP)
    client.post("/account/phone/verify/", {"code": code_in(newest("identity.code"))})
    assert client.get("/account/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/account/2fa/authenticate/", "动态码或恢复码"),
        ("/account/2fa/reauthenticate/", "动态码或恢复码"),
        ("/account/2fa/totp/activate/", "动态码"),
    ],
)
def test_a_code_of_the_authenticator_and_one_that_is_sent_have_two_names(
    make_account: Any, visit: Any, totp: Callable[[], str], path: str, label: str
) -> None:
    make_account("13800000001", totp="activate" not in path)
    client = visit()
    _sign_in(client, "13800000001")
    if "reauthenticate" in path:
        client.post("/account/2fa/authenticate/", {"code": totp()})
    page = client.get(path).content.decode()
    assert label in page
    assert "验证码" not in page


def test_secrets_of_authenticators_lie_sealed(make_account: Any) -> None:
    make_account(totp=True)
    held = " ".join(str(a.data) for a in Authenticator.objects.all())
    assert "JBSWY3DPEHPK3PXP" not in held


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_one_is_never_led_to_a_foreign_host(make_account: Any, visit: Any, path: str) -> None:
    make_account("13800000001")
    client = visit()
    _sign_in(client, "13800000001")
    assert client.get("/sign-in/", {"next": path})["Location"] == "/account/home/"
    answer = visit().post(f"/account/login/?next={path}", {"login": "13800000001", "password": PASSWORD})
    assert answer["Location"] == "/account/home/"


def test_signing_out_ends_the_sign_in(make_account: Any, visit: Any) -> None:
    make_account("13800000001")
    client = visit()
    _sign_in(client, "13800000001")
    client.post("/account/logout/")
    assert SignIn.objects.get().ended_at is not None
    assert client.get("/account/").status_code == 302


def test_signing_out_everywhere_ends_the_other_browser(make_account: Any, visit: Any) -> None:
    make_account("13800000001")
    one, other = visit(), visit()
    _sign_in(one, "13800000001")
    _sign_in(other, "13800000001")
    one.post("/account/sign-ins/ending/")
    assert other.get("/account/").status_code == 302
    assert "_auth_user_id" not in other.session


def test_a_closed_account_does_not_sign_in(make_account: Any, visit: Any, at: datetime) -> None:
    account = make_account("13800000001")
    Account.objects.filter(pk=account.id).update(closed_at=at)
    answer = _sign_in(visit(), "13800000001")
    assert answer.headers.get("Location", "") != "/account/home/"


def test_the_secret_of_an_authenticator_is_told_in_a_demonstration_only(make_account: Any, settings: Any) -> None:
    account = make_account(totp=True)
    with pytest.raises(Denied):
        accounts.totp_secret(account.id)
    settings.NUOXING_DEMO = True
    assert accounts.totp_secret(account.id) == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_the_command_prints_the_present_code_in_a_demonstration_only(
    make_account: Any, settings: Any, capsys: Any, totp: Callable[[], str]
) -> None:
    make_account("13800000001", totp=True)
    with pytest.raises(CommandError):
        call_command("totp_code", "13800000001")
    settings.NUOXING_DEMO = True
    call_command("totp_code", "13800000001")
    assert capsys.readouterr().out.strip() == totp()
    with pytest.raises(CommandError):
        call_command("totp_code", "13800000009")


@pytest.mark.parametrize("identifier", ["13800000001", "someone@example.com"])
@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/person/",
        "/account/privacy/",
        "/account/tokens/",
        "/account/email/",
        "/account/phone/change/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/notices/",
        "/account/home/",
    ],
)
def test_every_page_of_ones_own_account_opens(make_account: Any, visit: Any, identifier: str, path: str) -> None:
    make_account(identifier)
    client = visit()
    _sign_in(client, identifier)
    assert client.get(path).status_code == 200


def test_who_takes_the_authenticator_away_is_no_longer_strong_and_is_out_elsewhere(
    make_account: Any, visit: Any, totp: Callable[[], str]
) -> None:
    account = make_account("13800000001", roles=(("platform_operator", ""),), totp=True)
    one, other = visit(), visit()
    _sign_in(one, "13800000001")
    one.post("/account/2fa/authenticate/", {"code": totp()})
    _sign_in(other, "13800000001")
    cache.clear()
    other.post("/account/2fa/authenticate/", {"code": totp()})
    assert other.get("/operator/people/").status_code == 200
    weak, strong = (
        tokens.make_token(name="x", scopes=["read"], days=9, by=Actor(account.id, level=level), at=clock.real_now())
        for level in (1, 2)
    )
    one.post("/account/2fa/totp/deactivate/")
    answers = [visit().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}") for token in (weak, strong)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert not account_queries.has_second_factor(account.id)
    assert one.get("/account/").status_code == 200
    assert one.get("/operator/people/")["Location"] == "/sign-in/?next=%2Foperator%2Fpeople%2F&second=1"
    assert other.get("/operator/people/")["Location"] == "/sign-in/?next=%2Foperator%2Fpeople%2F"


def test_two_tabs_of_the_sign_in_page_end_signed_in_and_in_no_bare_page(
    public_db: None, at: datetime, visit: Any
) -> None:
    accounts.register_account(identifier="13900000009", password=PASSWORD, name="王一心", at=at)
    client = visit()
    client.handler.enforce_csrf_checks = True
    one, two = (TOKEN.search(client.get("/account/login/").content.decode()) for _tab in range(2))
    assert one
    assert two
    facts = {"login": "13900000009", "password": PASSWORD}
    first = client.post("/account/login/", facts | {"csrfmiddlewaretoken": one[1]})
    assert (first.status_code, first["Location"]) == (302, "/account/home/")
    second = client.post(
        "/account/login/", facts | {"csrfmiddlewaretoken": two[1]}, headers={"Referer": "/account/login/"}
    )
    assert (second.status_code, second["Location"]) == (302, "/account/login/")  # which leads on who is signed in
    assert client.get("/account/login/")["Location"] == "/account/home/"
    client.logout()
    refused = client.post(
        "/account/login/", facts | {"csrfmiddlewaretoken": "x"}, headers={"Referer": "/account/login/"}
    )
    page = refused.content.decode()
    assert (refused.status_code, "csrf-token-refused" in page, 'href="/account/login/"' in page) == (403, True, True)
