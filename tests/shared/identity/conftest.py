"""What the tests of identity share."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pyotp
import pytest

from kernel import clock, idnumbers, later, tenancy
from kernel.access import SYSTEM, Actor
from shared.identity.operations import accounts, people
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.notices.models import Message

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct-horse-9"


@pytest.fixture
def make_account(public_db: None, at: datetime) -> Callable[..., account_queries.AccountValue]:
    """Register an account: `make_account("13800000001")`, with roles as (role, scope) pairs, with a second factor."""

    def make(
        identifier: str = "13800000001",
        *,
        name: str = "李小路",
        roles: tuple[tuple[str, str], ...] = (),
        totp: bool = False,
    ) -> account_queries.AccountValue:
        account = accounts.register_account(identifier=identifier, password=PASSWORD, name=name, at=at)
        with tenancy.open_public():  # any institution's roles, whichever is open
            for role, scope in roles:
                identity_roles.grant_role(account_id=account.id, role=role, scope=scope, by=SYSTEM, at=at)
        if totp:
            accounts.set_totp(account_id=account.id, secret=SECRET, by=SYSTEM, at=at)
        return account

    return make


@pytest.fixture
def make_person(make_account: Callable[..., account_queries.AccountValue], at: datetime) -> Callable[..., Any]:
    """Register an account and complete its person; return the account's value afterwards."""

    def make(serial: int = 1, *, name: str = "李小路") -> account_queries.AccountValue:
        account = make_account(f"138000001{serial:02d}", name=name)
        people.complete_person(
            account_id=account.id,
            name=name,
            id_type="resident",
            id_number=idnumbers.make_resident_id("360102", date(1990, 5, 6), serial),
            mobile=f"138000001{serial:02d}",
            by=Actor(account.id, None, name),
            at=at,
        )
        return account_queries.account(account.id)

    return make


@pytest.fixture
def totp() -> Callable[[], str]:
    """Return the present code of the fixtures' authenticator."""
    return lambda: pyotp.TOTP(SECRET).now()


@pytest.fixture
def newest() -> Callable[..., str]:
    """Deliver what waits, and return the text of the newest message."""

    def read(template: str = "") -> str:
        later.drain(until=clock.real_now())
        rows = Message.objects.order_by("-id")
        row = rows.filter(template=template).first() if template else rows.first()
        assert row is not None
        return str(row.body.reveal())

    return read


def _first(pattern: str) -> Callable[[str], str]:
    def find(text: str) -> str:
        found = re.search(pattern, text)
        assert found is not None, text
        return found.group(1)

    return find


@pytest.fixture
def code_in() -> Callable[[str], str]:
    """Return the code that stands in a message."""
    return _first(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b")


@pytest.fixture
def link_in() -> Callable[[str], str]:
    """Return the path of the link that stands in a message."""
    return _first(r"http://nuoxing\.localhost:8000(/\S+)")
