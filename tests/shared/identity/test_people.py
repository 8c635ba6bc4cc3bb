"""People: told once, unique, masked, revealed with a reason."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from kernel import audit, idnumbers
from kernel.access import SYSTEM, Actor, Denied, Grant
from kernel.errors import Invalid, Refusal
from kernel.fields import uuid7
from kernel.reasons import ReasonRequired
from shared.identity import methods
from shared.identity.models.consents import Consent
from shared.identity.models.people import Person
from shared.identity.operations import accounts, claims, people
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries

PASSWORD = "correct-horse-9"
NUMBER = idnumbers.make_resident_id("360102", date(1990, 5, 6), 21)


def _complete(account: account_queries.AccountValue, at: datetime, **other: Any) -> UUID:
    details: dict[str, Any] = {"name": "李小路", "id_type": "resident", "id_number": NUMBER, "mobile": "13800000001"}
    return people.complete_person(account_id=account.id, by=Actor(account.id), at=at, **(details | other))


def test_a_person_is_made_from_the_number_with_both_consents(make_account: Any, at: datetime) -> None:
    account = make_account()
    person_id = _complete(account, at, id_number=f" {NUMBER.lower()} ", name=" 阿依古丽•买买提 ")
    person = people_queries.person(person_id)
    assert (person.name, person.masked_id, person.sex, person.born) == (
        "阿依古丽·买买提",
        f"360***********{NUMBER[-4:]}",
        "male",
        date(1990, 5, 6),
    )
    assert sorted(Consent.objects.values_list("kind", "version")) == [
        ("id_number", "2026-01"),
        ("privacy_notice", "2026-01"),
    ]
    assert account_queries.account(account.id).person_id == person_id


def test_numbers_lie_encrypted_and_are_noted_nowhere(make_account: Any, at: datetime) -> None:
    _complete(make_account(), at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM identity_person p")
        column = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(row_to_json(a)::text, ''), '') FROM kernel_auditentry a")
        notes = cursor.fetchone()[0]
    assert NUMBER not in column
    assert "13800000001" not in column
    assert NUMBER not in notes
    assert "13800000001" not in notes
    assert NUMBER not in repr(Person.objects.get().id_number)


@pytest.mark.parametrize(
    ("field", "value", "at_field"),
    [
        ("id_number", NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "id_number"),
        ("id_number", "123", "id_number"),
        ("name", "x", "name"),
        ("name", "张3", "name"),
        ("mobile", "12345678901", "mobile"),
        ("id_type", "library_card", "id_type"),
    ],
)
def test_what_cannot_be_right_is_told_at_its_field_and_keeps_nothing(
    make_account: Any, at: datetime, field: str, value: str, at_field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        _complete(make_account(), at, **{field: value})
    assert refusal.value.field == at_field
    assert (Person.objects.count(), Consent.objects.count()) == (0, 0)


def test_a_passport_needs_the_birthday(make_account: Any, at: datetime) -> None:
    account = make_account()
    with pytest.raises(Invalid) as refusal:
        _complete(account, at, id_type="passport", id_number="e1234567")
    assert refusal.value.field == "born"
    person_id = _complete(account, at, id_type="passport", id_number="e1234567", born=date(1985, 1, 2), sex="female")
    assert people_queries.person_by_id_number("E1234567", "passport") == people_queries.person(person_id)


def test_a_document_of_another_account_is_refused_without_telling_whose(make_account: Any, at: datetime) -> None:
    _complete(make_account("13800000001", name="甲某某"), at)
    other = make_account("13800000002", name="乙某某")
    with pytest.raises(people.NumberTaken) as refusal:
        _complete(other, at, mobile="13800000002")
    assert refusal.value.field == "id_number"
    assert "甲" not in str(refusal.value)
    assert "138" not in str(refusal.value)
    assert account_queries.account(other.id).person_id is None
    assert Consent.objects.filter(account_id=other.id).count() == 0


def test_details_are_given_once(make_account: Any, at: datetime) -> None:
    account = make_account()
    _complete(account, at)
    with pytest.raises(people.AlreadyComplete):
        _complete(account, at, name="李大路")
    assert Person.objects.get().name == "李小路"


def test_nobody_completes_another_account(make_account: Any, at: datetime) -> None:
    account = make_account()
    with pytest.raises(Denied):
        people.complete_person(
            account_id=account.id,
            name="李小路",
            id_type="resident",
            id_number=NUMBER,
            mobile="13800000001",
            by=Actor(uuid7()),
            at=at,
        )


def test_the_page_asks_for_both_consents_and_shows_the_refusal_at_the_field(make_account: Any, visit: Any) -> None:
    make_account()
    client = visit()
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    form = {"name": "李小路", "id_type": "resident", "id_number": NUMBER, "mobile": "13800000001"}
    answer = client.post("/account/person/", form)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["agree_notice", "agree_number"])
    with_consent = form | {"agree_notice": "on", "agree_number": "on"}
    answer = client.post("/account/person/", with_consent | {"id_number": "1"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["id_number"])
    assert client.post("/account/person/", with_consent).status_code == 302
    page = client.get("/account/person/").content.decode()
    assert f"360***********{NUMBER[-4:]}" in page
    assert NUMBER not in page
    assert "13800000001" not in page


def test_a_whole_number_needs_a_reason_and_leaves_a_note(make_person: Any, at: datetime) -> None:
    account = make_person(21)
    officer = Actor(uuid7(), None, "周敏", 2, frozenset({Grant("province_officer", "360000")}))
    with pytest.raises(ReasonRequired):
        people.reveal_id_number(person_id=account.person_id, by=officer, reason=" ", at=at)
    number = people.reveal_id_number(person_id=account.person_id, by=officer, reason="核对证书", at=at)
    assert number == NUMBER
    note = audit.history(Person.objects.get())[-1]
    assert (note.verb, note.actor_name, note.why) == ("person.reveal-id-number", "周敏", "核对证书")


@pytest.mark.parametrize("role", ["inspector", "teacher", "cashier", "registrar", "principal", "employer_clerk"])
def test_others_do_not_see_a_whole_number(make_person: Any, at: datetime, role: str) -> None:
    account = make_person(21)
    actor = Actor(uuid7(), None, "某某", 2, frozenset({Grant(role, "360100")}))
    before = len(audit.history(Person.objects.get()))
    with pytest.raises(Denied):
        people.reveal_id_number(person_id=account.person_id, by=actor, reason="想看一看", at=at)
    assert len(audit.history(Person.objects.get())) == before


def test_a_counter_sees_the_number_of_those_who_learn_there_only(
    make_person: Any, alpha: Any, beta: Any, at: datetime
) -> None:
    learner, stranger = make_person(21), make_person(22, name="吴某某")
    claims.claim_position(
        person_id=learner.person_id,
        position="sgy-tj",
        institution_id=alpha.pk,
        enrolment_id=uuid7(),
        by=SYSTEM,
        at=at,
    )
    registrar = Actor(uuid7(), None, "孙某", 2, frozenset({Grant("registrar", str(alpha.organisation_id))}))
    foreign = Actor(uuid7(), None, "钱某", 2, frozenset({Grant("registrar", str(beta.organisation_id))}))
    assert people.reveal_id_number(person_id=learner.person_id, by=registrar, reason="核对报名", at=at) == NUMBER
    for person_id, actor in ((stranger.person_id, registrar), (learner.person_id, foreign)):
        with pytest.raises(Denied):
            people.reveal_id_number(person_id=person_id, by=actor, reason="核对报名", at=at)


@pytest.mark.parametrize("count", [1, 3])
def test_people_are_read_in_one_query(make_person: Any, count: int, asks: Any) -> None:
    ids = [make_person(20 + n).person_id for n in range(count)]
    assert asks(lambda: people_queries.persons(ids)) == 1
    assert set(people_queries.persons(ids)) == set(ids)


def test_an_employer_is_found_again_by_its_credit_code(public_db: None, at: datetime) -> None:
    code = idnumbers.make_credit_code("91", "360100", "MA000012")
    one = people.register_employer(name="演示建工", credit_code=code, by=SYSTEM, at=at)
    assert people.register_employer(name="演示建工", credit_code=code.lower(), by=SYSTEM, at=at) == one
    with pytest.raises(Refusal):
        people.register_employer(name="演示建工", credit_code="91", by=SYSTEM, at=at)


def test_the_reveal_page_shows_the_number_once(
    make_account: Any, make_person: Any, visit: Any, totp: Callable[[], str]
) -> None:
    person_id = make_person(21).person_id
    make_account("13700000001", name="周敏", roles=(("province_officer", "360000"),), totp=True)
    client = visit()
    client.post("/account/login/", {"login": "13700000001", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": totp()})
    path = f"/authority/persons/{person_id}/number/"
    assert NUMBER not in client.get(path).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert NUMBER in client.post(path, {"reason": "核对证书"}).content.decode()


def _coming_in(visit: Any, identifier: str = "13800000001") -> Any:
    client = visit()
    client.post("/account/login/", {"login": identifier, "password": PASSWORD})
    return client


def test_the_page_does_not_ask_again_what_signing_up_asked(make_account: Any, visit: Any, at: datetime) -> None:
    account = make_account(name="李小路")
    accounts.record_sign_up(account_id=account.id, name="李小路", at=at)
    client = _coming_in(visit)
    form = client.get("/account/person/").context["form"]
    assert (form["name"].value(), "mobile" in form.fields, "agree_notice" in form.fields) == ("李小路", False, False)
    facts = {"name": "李小路", "id_number": NUMBER, "agree_number": "on"}
    assert client.post("/account/person/", facts).status_code == 302
    person = Person.objects.get()
    assert person.mobile.reveal() == "13800000001"


def test_a_number_that_no_code_proved_is_nobody_s(make_account: Any, visit: Any, at: datetime) -> None:
    make_account("lu@example.com")
    client = _coming_in(visit, "lu@example.com")
    page = client.get("/account/person/?next=/find/").text
    assert "/account/phone/change/" in page
    assert client.get("/account/phone/change/").status_code == 200
    facts = {"name": "李小路", "id_number": NUMBER, "agree_notice": "on", "agree_number": "on", "mobile": "13800000009"}
    answer = client.post("/account/person/", facts)
    assert (answer.status_code, Person.objects.count()) == (422, 0)


def test_another_number_than_the_proven_one_is_refused_at_its_field(make_account: Any, at: datetime) -> None:
    with pytest.raises(people.MobileNotProven) as refusal:
        _complete(make_account(), at, mobile="13800000099")
    assert (refusal.value.field, Person.objects.count()) == ("mobile", 0)


@pytest.mark.parametrize(
    ("query", "target"),
    [
        (
            "host=alpha.nuoxing.localhost&next=/classes/1/apply/",
            methods.host_url("alpha.nuoxing.localhost", "/classes/1/apply/"),
        ),
        ("host=evil.example&next=/classes/1/apply/", "/classes/1/apply/"),
        ("host=alpha.nuoxing.localhost&next=https://evil.example/", "/account/person/"),
        ("", "/account/person/"),
    ],
)
def test_who_came_for_a_class_is_led_back_to_it(
    make_account: Any, visit: Any, alpha: Any, query: str, target: str
) -> None:
    make_account()
    client = _coming_in(visit)
    client.get(f"/account/person/?{query}")
    facts = {"name": "李小路", "id_number": NUMBER, "agree_notice": "on", "agree_number": "on"}
    answer = client.post("/account/person/", facts)
    assert (answer.status_code, answer["Location"]) == (302, target)
