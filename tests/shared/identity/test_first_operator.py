"""The first operator: a platform without anybody is begun from its command line, and by nobody else."""

import re
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pyotp
import pytest
from django.core.management import CommandError, call_command

from kernel.access import SYSTEM, Actor, Denied
from kernel.fields import uuid7
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import accounts, first_operator
from shared.identity.operations.accounts import InvitationGone
from shared.identity.queries import accounts as account_queries

PASSWORD = "correct-horse-9"


def _begin(identifier: str = "op@example.com", name: str = "罗运维") -> str:
    """Run the command; return the path that its link leads to."""
    out = StringIO()
    call_command("first_operator", identifier, name=name, stdout=out)
    link = re.match(r"http://nuoxing\.localhost:\d+(/\S+)", out.getvalue())
    assert link is not None
    return link[1]


def _operators() -> list[str]:
    return [holder.name for holder in account_queries.holders("platform_operator", "")]


def test_a_bare_platform_gets_an_operator_who_sets_password_and_second_factor_and_invites_the_first_officer(
    public_db: None, visit: Any
) -> None:
    link, client = _begin(), visit(moment=None)
    answer = client.post(link, {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    assert "second=1" in client.get("/operator/people/")["Location"]  # the role is of no use without one
    assert client.get("/sign-in/?second=1&next=/operator/people/")["Location"] == "/account/2fa/totp/activate/"
    secret = re.search(r"[A-Z2-7]{32}", client.get("/account/2fa/totp/activate/").content.decode())
    assert secret is not None
    client.post("/account/2fa/totp/activate/", {"code": pyotp.TOTP(secret[0]).now()})
    assert client.get("/operator/people/").status_code == 200
    officer = {"identifier": "zhou@example.com", "name": "周敏", "role": "province_officer", "scope": "360000"}
    assert client.post("/operator/people/", officer).status_code == 302
    assert [holder.name for holder in account_queries.holders("province_officer", "360000")] == ["周敏"]


def test_the_link_is_made_again_until_somebody_has_come_in_and_works_once(public_db: None, at: datetime) -> None:
    _begin()
    _account_id, token = _begin().strip("/").split("/")[-2:]
    assert _operators() == ["罗运维"]
    accounts.accept_invitation(account_id=Account.objects.get().pk, token=token, password=PASSWORD, at=at)
    with pytest.raises(InvitationGone):
        accounts.accept_invitation(account_id=Account.objects.get().pk, token=token, password="other-horse-7", at=at)
    with pytest.raises(CommandError, match="已有平台运营人员"):
        _begin()


def test_a_second_operator_is_not_made_by_the_command(make_account: Callable[..., Any]) -> None:
    make_account(roles=(("platform_operator", ""),))
    before = (Account.objects.count(), RoleGrant.objects.count())
    with pytest.raises(CommandError):
        _begin("another@example.com")
    assert (Account.objects.count(), RoleGrant.objects.count()) == before


def test_an_account_that_is_in_use_does_not_become_operator(make_account: Callable[..., Any]) -> None:
    make_account("13800000001")
    with pytest.raises(CommandError):
        _begin("13800000001")
    assert _operators() == []


def test_what_is_no_address_and_no_name_makes_nothing(public_db: None) -> None:
    for identifier, name in (("nobody", "罗运维"), ("op@example.com", "7")):
        with pytest.raises(CommandError):
            _begin(identifier, name)
    assert Account.objects.count() == 0


def test_nobody_but_the_platform_itself_names_the_first_operator(public_db: None, at: datetime) -> None:
    by = Actor(uuid7(), None, "某某", 2)
    with pytest.raises(Denied):
        first_operator.name_first_operator(identifier="op@example.com", name="罗运维", by=by, at=at)
    assert first_operator.name_first_operator(identifier="op@example.com", name="罗运维", by=SYSTEM, at=at)
