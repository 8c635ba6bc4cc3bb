"""An officer, two institutions in two cities, and organisations registered and listed by the operations themselves."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kernel import access, tenancy
from shared.hosting.operations import listing as hosting_listing
from shared.identity.operations import accounts
from shared.institutions.models import Institution, Organisation
from shared.institutions.operations import standing
from support.commitments import FORM

FACTS = {key: value for key, value in FORM.items() if key not in ("name", "credit_code")}
CODES = (FORM["credit_code"], "123604000000000272")


@pytest.fixture
def officer(as_actor: Callable[..., access.Actor]) -> access.Actor:
    """An officer of the province."""
    return as_actor("province_officer", scope="360000", name="演示处长")


@pytest.fixture
def nanchang(institutions: tuple[Institution, Institution]) -> Institution:
    """Return an institution in Nanchang."""
    return institutions[0]


@pytest.fixture
def ganzhou(institutions: tuple[Institution, Institution]) -> Institution:
    """Return an institution in Ganzhou."""
    facts = {"authority_code": "360700", "division_code": "360702"}
    with tenancy.as_owner():
        Organisation.objects.filter(pk=institutions[1].organisation_id).update(**facts)
    return institutions[1]


@pytest.fixture
def person(public_db: None, at: datetime) -> access.Actor:
    """Return somebody who has signed in and holds no role."""
    account = accounts.register_account(
        identifier="someone@nuoxing.example", password="long-enough-word-7", name="演示丁", at=at
    )
    return access.Actor(account.id, None, "演示丁", 1)


@pytest.fixture
def register(person: access.Actor, at: datetime) -> Callable[..., Organisation]:
    """Register an organisation: `register(name, code)`."""

    def make(name: str = FORM["name"], code: str = CODES[0], **changes: Any) -> Organisation:
        facts = FACTS | changes
        value = standing.register_organisation(**facts, name=name, credit_code=code, by=person, at=at)
        return Organisation.objects.get(pk=value.id)

    return make


@pytest.fixture
def list_it(register: Callable[..., Organisation], at: datetime) -> Callable[..., Institution]:
    """Register an organisation and put it on the list."""

    def make(*args: Any, **changes: Any) -> Institution:
        row = register(*args, **changes)
        schema = hosting_listing.list_institution(organisation_id=row.pk, positions=["CLY"], by=access.SYSTEM, at=at)
        return Institution.objects.get(pk=schema.id)

    return make
