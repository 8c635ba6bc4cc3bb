"""What the tests of privacy share: a person with an account, actors, and the house's clockwork run by hand."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count

import pytest

from kernel import idnumbers, later
from kernel.access import SYSTEM, Actor, Grant
from shared.identity.operations import accounts, people
from shared.identity.operations import roles as identity_roles
from shared.privacy.operations import closings, copies

PASSWORD = "correct-horse-9"
_serial = count(1)


@pytest.fixture
def person(public_db: None, at: datetime) -> Callable[..., Actor]:
    """Somebody with an account, a password and complete details, as signed in."""

    def make(name: str = "李小路") -> Actor:
        n = next(_serial)
        mobile = f"1390000{n:04d}"
        account = accounts.register_account(identifier=mobile, password=PASSWORD, name=name, at=at)
        person_id = people.complete_person(
            account_id=account.id,
            name=name,
            id_type="resident",
            id_number=idnumbers.make_resident_id("360102", date(1990, 5, 6), n),
            mobile=mobile,
            by=SYSTEM,
            at=at,
        )
        return Actor(account.id, person_id, name, 1, frozenset())

    return make


@pytest.fixture
def holder(public_db: None, at: datetime) -> Callable[..., Actor]:
    """An account with roles and a second factor: `holder(("platform_operator", ""))`."""

    def make(*roles: tuple[str, str], name: str = "演示员") -> Actor:
        n = next(_serial)
        account = accounts.register_account(identifier=f"1370000{n:04d}", password=PASSWORD, name=name, at=at)
        for role, scope in roles:
            identity_roles.grant_role(account_id=account.id, role=role, scope=scope, by=SYSTEM, at=at)
        return Actor(account.id, None, name, 2, frozenset(Grant(role, scope) for role, scope in roles))

    return make


@pytest.fixture
def settle(at: datetime) -> Callable[[], None]:
    """Run what waits, as the worker and beat do."""

    def run() -> None:
        later.drain()
        copies.pack_copies(at=at)
        closings.settle_closings(at=at)
        later.drain()

    return run
