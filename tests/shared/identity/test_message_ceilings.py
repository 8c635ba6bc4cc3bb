"""Codes and links have a ceiling: to one number or address, from one network address, altogether."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from django.test import RequestFactory

from kernel.models import ReachedLimit
from shared.identity.models.accounts import Account, RecoveryRequest
from shared.notices.models import Message

SIGN_UP = {"name": "王一心", "password1": "correct-horse-9", "agree": "on"}
NEVER = "1000/h"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
RECOVERY = {"cause": "lost_phone", "name": "李小路", "contact_address": "way@example.com", "words": "演示"}


@pytest.fixture(autouse=True)
def _ceilings(settings: Any) -> None:
    """Two to one, five from one; allauth's own short waits are another matter."""
    settings.NUOXING_MESSAGES_TO_ONE, settings.NUOXING_MESSAGES_FROM_ONE = "2/h", "5/h"
    settings.NUOXING_MESSAGES_TO_ALL = NEVER
    for action in ("verify_phone", "confirm_email", "request_login_code", "reset_password", "recovery"):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {action: "100/m/ip"}


def _ask_for_code(client: Any, to: str, source: str = "192.0.2.1") -> Any:
    return client.post("/account/login/code/", {"identifier": to}, REMOTE_ADDR=source, **ENGLISH)


def _refused(answer: Any) -> bool:
    return answer.status_code == 200 and "no more are sent for now" in answer.content.decode()


def _reached() -> dict[str, int]:
    return dict(ReachedLimit.objects.values_list("name", "refusals"))


@pytest.mark.parametrize("to", ["13800000001", "13900000009", "some@example.com"])
def test_the_third_code_to_one_is_refused_in_words_whether_or_not_there_is_an_account(
    make_account: Any, visit: Any, newest: Callable[..., str], to: str
) -> None:
    make_account("13800000001")
    answers = [_ask_for_code(visit(), to, f"192.0.2.{n}") for n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 200, 200]
    assert _refused(answers[2])
    newest()
    assert Message.objects.count() == 2
    assert _reached() == {"messages.recipient": 2}
    assert _ask_for_code(visit(), "13900000007").status_code == 302


def test_all_ways_to_a_message_count_together(make_account: Any, visit: Any, newest: Callable[..., str]) -> None:
    make_account("13800000001")
    assert _ask_for_code(visit(), "13800000001").status_code == 302
    assert visit().post("/account/password/reset/", {"email": "13800000001"}).status_code == 302
    assert _refused(visit().post("/account/password/reset/", {"email": "13800000001"}, **ENGLISH))
    assert _refused(visit().post("/account/signup/", SIGN_UP | {"identifier": "13800000001"}, **ENGLISH))
    help_page = visit().post("/account/help/", RECOVERY | {"identifier": "13800000001"}, **ENGLISH)
    assert (help_page.status_code, "no more are sent for now" in help_page.content.decode()) == (422, True)
    newest()
    assert (Message.objects.count(), RecoveryRequest.objects.count()) == (2, 0)


def test_a_refused_sign_up_makes_no_account(public_db: None, visit: Any) -> None:
    for _n in range(2):
        _ask_for_code(visit(), "13900000001")
    assert _refused(visit().post("/account/signup/", SIGN_UP | {"identifier": "139 0000 0001"}, **ENGLISH))
    assert Account.objects.count() == 0


@pytest.mark.parametrize("known", [True, False])
def test_sending_again_counts_and_is_refused_alike_with_and_without_an_account(
    make_account: Any, visit: Any, newest: Callable[..., str], known: bool
) -> None:
    if known:
        make_account("13800000001")
    client = visit()
    first = client.post("/account/signup/", SIGN_UP | {"identifier": "13800000001"})
    again = [client.post("/account/phone/verify/", {"action": "resend"}, **ENGLISH) for _n in range(2)]
    assert [answer.status_code for answer in (first, *again)] == [302, 302, 429]
    assert "no more are sent for now" in again[1].content.decode()
    assert 0 < int(again[1]["Retry-After"]) <= 3600
    newest()
    assert Message.objects.count() == (1 if known else 2)


def test_one_network_address_has_a_ceiling_of_its_own(public_db: None, visit: Any) -> None:
    statuses = [_ask_for_code(visit(), f"1390000000{n}").status_code for n in range(6)]
    assert statuses == [302, 302, 302, 302, 302, 200]
    assert _ask_for_code(visit(), "13900000008", "192.0.2.2").status_code == 302
    assert _reached() == {"messages.caller": 1}


def test_ipv6_addresses_of_one_site_count_together(public_db: None, visit: Any) -> None:
    statuses = [_ask_for_code(visit(), f"1390000000{n}", f"2001:db8:1:2::{n}").status_code for n in range(6)]
    assert (statuses[-1], _ask_for_code(visit(), "13900000008", "2001:db8:1:3::1").status_code) == (200, 302)


def test_all_together_have_one(public_db: None, visit: Any, settings: Any) -> None:
    settings.NUOXING_MESSAGES_TO_ALL = "3/d"
    statuses = [_ask_for_code(visit(), f"1390000000{n}", f"192.0.2.{n}").status_code for n in range(4)]
    assert (statuses, _reached()) == ([302, 302, 302, 200], {"messages.all": 1})


def test_the_operator_reads_which_ceiling_was_reached(public_db: None, visit: Any, acting: Any, as_actor: Any) -> None:
    operator = acting(as_actor("platform_operator"))
    assert "次数上限" not in operator.get("/operator/").content.decode()
    for _n in range(3):
        _ask_for_code(visit(), "13900000001")
    assert "发往同一手机号或邮箱的验证码和链接" in operator.get("/operator/").content.decode()


def test_allauth_counts_the_same_callers(public_db: None, settings: Any) -> None:
    settings.NUOXING_TRUSTED_PROXIES = ["unix"]
    request = RequestFactory().post("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.7")
    assert ratelimit.get_ip(request) == "203.0.113.7"
    site = RequestFactory().post("/", REMOTE_ADDR="2001:db8:1:2::7", HTTP_X_FORWARDED_FOR="198.51.100.9")
    assert ratelimit.get_ip(site) == "2001:db8:1:2::"


def test_a_code_asked_for_twice_in_a_moment_is_a_page_and_no_fault(public_db: None, visit: Any, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"verify_phone": "1/30s/key"}
    first, second = (visit().post("/account/signup/", SIGN_UP | {"identifier": "13900000001"}) for _n in range(2))
    assert (first.status_code, second.status_code, second["Retry-After"]) == (302, 429, "60")
    assert "尝试次数过多" in second.content.decode()
