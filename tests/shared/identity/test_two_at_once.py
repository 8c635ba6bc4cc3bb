"""Two people at the same moment: of two operators one stays, and of two who settle one lets the person in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kernel.access import SYSTEM, Actor, Grant
from kernel.fields import uuid7
from shared.identity.models.accounts import RecoveryRequest, RoleGrant
from shared.identity.operations import accounts
from shared.identity.operations import recovery as identity_recovery
from shared.identity.operations import roles as identity_roles
from support import committed
from support.races import race


@pytest.fixture
def db() -> None:
    """No transaction: the other connections must see what is there."""


@pytest.fixture
def made(django_db_setup: None, django_db_blocker: Any, at: datetime) -> Iterator[Callable[..., Any]]:
    """Register committed accounts: `made("13800000001", ("platform_operator", ""))`."""
    with committed.committing(django_db_blocker):

        def make(identifier: str, *roles: tuple[str, str]) -> Any:
            account = accounts.register_account(identifier=identifier, password="correct-horse-9", name="演示员", at=at)
            for role, scope in roles:
                identity_roles.grant_role(account_id=account.id, role=role, scope=scope, by=SYSTEM, at=at)
            return account

        yield make


def _operator(account_id: Any = None) -> Actor:
    return Actor(account_id or uuid7(), None, "平台员", 2, frozenset({Grant("platform_operator", "")}))


def test_two_operators_who_end_each_other_s_role_leave_one(made: Any, at: datetime) -> None:
    one, two = (made(f"1380000000{n}", ("platform_operator", "")) for n in (1, 2))
    ends = [
        lambda by=by, whose=whose: identity_roles.end_role(  # type: ignore[misc]  # a default binds the loop's value
            account_id=whose.id, role="platform_operator", scope="", by=_operator(by.id), at=at
        )
        for by, whose in ((one, two), (two, one))
    ]
    assert race(*ends) == ["done", "last-operator"]
    assert RoleGrant.objects.filter(role="platform_operator", ended_at=None).count() == 1


def test_of_two_who_check_one_does_and_of_two_who_settle_one_lets_the_person_in(made: Any, at: datetime) -> None:
    made("13800000001", ("inspector", "360100"))
    asked = {"name": "李小路", "contact_address": "new@example.com", "words": "", "cause": "lost_phone"}
    identity_recovery.ask_recovery(identifier="13800000001", at=at, **asked)
    row = RecoveryRequest.objects.get()
    how = {"request_id": row.pk, "reason": "居民身份证原件", "at": at}
    first, second, third = (_operator() for _ in range(3))
    checks = [lambda by=by: identity_recovery.check_recovery(by=by, **how) for by in (first, second)]  # type: ignore[misc]  # as above
    assert race(*checks) == ["done", "wrong-state"]
    row.refresh_from_db()
    others = [by for by in (first, second, third) if by.account_id != row.checked_by]
    settles = [lambda by=by: identity_recovery.settle_recovery(by=by, **how) for by in others]  # type: ignore[misc]  # as above
    assert race(*settles) == ["done", "wrong-state"]
    row.refresh_from_db()
    assert row.state == "settled"
    assert row.settled_by in {by.account_id for by in others}
