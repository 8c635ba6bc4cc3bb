"""People made known by a counter: one by one or many at once, in one statement; nobody there can come in as them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from kernel import audit
from kernel.access import Actor, Denied
from kernel.errors import Invalid, Refusal
from kernel.idnumbers import make_resident_id
from shared.identity.models.accounts import Account
from shared.identity.models.consents import Consent
from shared.identity.models.people import Person
from shared.identity.operations.accounts import IdentifierTaken
from shared.identity.operations.people import NumberTaken
from shared.identity.operations.registrations import NewPerson, register_people


@pytest.fixture
def registrar(alpha: Any, as_actor: Callable[..., Actor]) -> Actor:
    """The registrar of the first institution, which is open."""
    return as_actor("registrar", scope=str(alpha.organisation_id), name="孙某")


def _new(serial: int, **facts: Any) -> NewPerson:
    number = make_resident_id("360102", date(1990, 3, 7), serial)
    return NewPerson(**({"name": "李小路", "id_number": number, "mobile": f"138{serial:08d}"} | facts))


def _there() -> tuple[int, int, int]:
    return Person.objects.count(), Account.objects.count(), Consent.objects.count()


def test_each_has_an_account_that_nobody_can_come_in_by_and_both_consents(registrar: Actor, at: datetime) -> None:
    keys = register_people([_new(1), _new(2)], by=registrar, at=at)
    accounts = {account.person_id: account for account in Account.objects.all()}
    assert [accounts[key].mobile.reveal() for key in keys] == ["13800000001", "13800000002"]
    assert {(a.has_usable_password(), a.mobile_verified_at) for a in accounts.values()} == {(False, None)}
    facts = Consent.objects.filter(account__person_id=keys[0]).order_by("kind")
    assert list(facts.values_list("kind", "channel", "given_by", "given_in")) == [
        ("id_number", "counter", registrar.account_id, "t_alpha"),
        ("privacy_notice", "counter", registrar.account_id, "t_alpha"),
    ]
    notes = [audit.history(row)[0] for row in (accounts[keys[0]], Person.objects.get(pk=keys[0]))]
    assert [note.verb for note in notes] == ["account.register", "person.complete"]
    assert {note.actor_name for note in notes} == {"孙某"}


@pytest.mark.parametrize("number", [1, 3])
def test_many_are_made_known_in_as_many_statements_as_one(
    registrar: Actor, asks: Callable[[Callable[[], Any]], int], at: datetime, number: int
) -> None:
    register_people([_new(9)], by=registrar, at=at)
    entries = [_new(n) for n in range(10, 10 + number)]
    assert asks(lambda: register_people(entries, by=registrar, at=at)) == 7
    assert _there() == (number + 1, number + 1, 2 * (number + 1))


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"id_number": _new(1).id_number}, NumberTaken, "id_number"),
        ({"mobile": "13800000001"}, IdentifierTaken, "mobile"),
        ({"id_number": "360102199003070000"}, Invalid, "id_number"),
        ({"mobile": "1"}, Invalid, "mobile"),
        ({"name": "?"}, Invalid, "name"),
    ],
)
def test_one_that_cannot_be_kept_refuses_all_and_leaves_nobody(
    registrar: Actor, at: datetime, facts: dict[str, str], refusal: type[Refusal], field: str
) -> None:
    register_people([_new(1)], by=registrar, at=at)
    with pytest.raises(refusal) as refused:
        register_people([_new(2), _new(3, **facts), _new(4)], by=registrar, at=at)
    assert (refused.value.field, _there()) == (field, (1, 1, 2))


@pytest.mark.parametrize("role", ["teacher", "cashier", "proctor"])
def test_who_is_no_counter_makes_nobody_known(alpha: Any, as_actor: Any, at: datetime, role: str) -> None:
    with pytest.raises(Denied):
        register_people([_new(1)], by=as_actor(role, scope=str(alpha.organisation_id)), at=at)
    assert _there() == (0, 0, 0)


def test_the_owner_sets_a_password_by_the_own_phone(
    registrar: Actor,
    visit: Any,
    at: datetime,
    newest: Callable[..., str],
    link_in: Callable[[str], str],
) -> None:
    register_people([_new(1)], by=registrar, at=at)
    client = visit()
    client.post("/account/password/reset/", {"email": "13800000001"})
    answer = client.get(link_in(newest("identity.password_reset")))
    client.post(answer["Location"], {"password1": "another-word-7", "password2": "another-word-7"})
    assert Account.objects.get().check_password("another-word-7")
