"""Lost phone, wrong name: asked for by anybody, settled at a counter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from kernel import audit, clock, tenancy
from kernel.access import SYSTEM, Actor, Grant
from kernel.errors import Invalid
from kernel.fields import uuid7
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.identity.models.accounts import Account, RecoveryRequest, SignIn
from shared.identity.operations import accounts, claims, tokens
from shared.identity.operations import recovery as identity_recovery
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.identity.queries import recoveries
from shared.notices.models import Message

PASSWORD = "correct-horse-9"
OFFICER = Actor(uuid7(), None, "周敏", 2, frozenset({Grant("province_officer", "360000")}))
SECOND = Actor(uuid7(), None, "何平", 2, frozenset({Grant("province_officer", "360000")}))
OF_THE_CITY = Actor(uuid7(), None, "徐亮", 2, frozenset({Grant("city_officer", "360100")}))
SECOND_OPERATOR = Actor(uuid7(), None, "平台员乙", 2, frozenset({Grant("platform_operator", "")}))
OPERATOR = Actor(uuid7(), None, "平台员", 2, frozenset({Grant("platform_operator", "")}))
ASKED = {
    "cause": "lost_phone",
    "identifier": "13800000001",
    "name": "李小路",
    "contact_address": "new@example.com",
    "words": "手机掉进江里了",
}


@tenancy.open_public()
def _ask(at: datetime, **other: Any) -> UUID:
    number = identity_recovery.ask_recovery(at=at, **(ASKED | other))
    return RecoveryRequest.objects.get(number=number).pk


def _settle(request_id: UUID, by: Actor, at: datetime, **other: Any) -> None:
    identity_recovery.settle_recovery(request_id=request_id, by=by, at=at, **({"reason": "居民身份证原件"} | other))


def _check(request_id: UUID, by: Actor, at: datetime, reason: str = "工作证和身份证原件") -> None:
    identity_recovery.check_recovery(request_id=request_id, by=by, at=at, reason=reason)


def test_the_sign_in_page_shows_the_way(public_db: None, visit: Any) -> None:
    assert "/account/help/" in visit().get("/account/login/").content.decode()


def test_the_page_gives_a_number_for_the_counter(public_db: None, visit: Any) -> None:
    client = visit()
    answer = client.post("/account/help/", ASKED)
    assert (answer.status_code, answer["Location"]) == (302, "/account/help/number/")
    assert RecoveryRequest.objects.get().number in client.get("/account/help/number/").content.decode()
    assert visit().get("/account/help/number/")["Location"] == "/account/help/"


@pytest.mark.parametrize("field", ["cause", "identifier", "name", "contact_address"])
def test_a_false_request_is_told_at_its_field(public_db: None, visit: Any, field: str) -> None:
    answer = visit().post("/account/help/", ASKED | {field: "?"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert RecoveryRequest.objects.count() == 0


def test_the_answer_is_the_same_for_an_unknown_account(
    make_account: Any, visit: Any, newest: Callable[..., str]
) -> None:
    make_account("13800000001")
    known, unknown = visit(), visit()
    first = known.post("/account/help/", ASKED)
    second = unknown.post("/account/help/", ASKED | {"identifier": "13800000099"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    newest("identity.recovery_asked")
    assert Message.objects.count() == 1


def test_requests_from_one_place_are_limited(public_db: None, visit: Any) -> None:
    for n in range(10):
        assert visit().post("/account/help/", ASKED | {"identifier": f"1380000000{n}"}).status_code == 302
    assert visit().post("/account/help/", ASKED).status_code == 422
    assert RecoveryRequest.objects.count() == 10


def test_a_counter_removes_the_second_factor_ends_all_sessions_and_tells_the_owner(
    make_account: Any, visit: Any, totp: Callable[[], str], at: datetime, newest: Callable[..., str]
) -> None:
    account = make_account("13800000001", totp=True)
    client = visit()
    client.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": totp()})
    assert client.get("/account/").status_code == 200
    token = tokens.make_token(name="x", scopes=["read"], days=9, by=Actor(account.id, level=2), at=clock.real_now())
    assert visit().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
    _settle(_ask(at), OFFICER, at)
    assert client.get("/account/").status_code == 302
    assert visit().get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    assert (account_queries.has_second_factor(account.id), SignIn.objects.filter(ended_at=None).count()) == (False, 0)
    newest("identity.recovered")
    addresses = sorted(m.address.reveal() for m in Message.objects.filter(template="identity.recovered"))
    assert addresses == ["13800000001", "new@example.com"]
    note = audit.history(Account.objects.get())[-1]
    assert (note.verb, note.actor_name, note.why) == ("account.recover", "周敏", "居民身份证原件")
    assert (
        visit().post("/account/login/", {"login": "13800000001", "password": PASSWORD})["Location"] == "/account/home/"
    )


def test_a_new_number_is_proved_by_a_code_at_the_next_sign_in(
    make_account: Any, visit: Any, at: datetime, newest: Callable[..., str], code_in: Callable[[str], str]
) -> None:
    make_account("13800000001")
    _settle(_ask(at), OFFICER, at, mobile="13900000009")
    client = visit()
    answer = client.post("/account/login/", {"login": "13900000009", "password": PASSWORD})
    assert answer["Location"] == "/account/phone/verify/"
    answer = client.post("/account/phone/verify/", {"code": code_in(newest("identity.code"))})
    assert answer["Location"] == "/account/home/"
    assert visit().post("/account/login/", {"login": "13800000001", "password": PASSWORD}).status_code == 200


def test_a_wrong_name_is_corrected_in_the_person_too(make_person: Any, at: datetime) -> None:
    account = make_person(1)
    _settle(_ask(at, cause="wrong_name", identifier="13800000101"), OFFICER, at, name="李晓路")
    assert (account_queries.account(account.id).name, people_queries.person(account.person_id).name) == (
        "李晓路",
        "李晓路",
    )


def test_a_request_is_settled_once(make_account: Any, at: datetime) -> None:
    make_account("13800000001")
    request_id = _ask(at)
    _settle(request_id, OFFICER, at)
    with pytest.raises(WrongState):
        _settle(request_id, OFFICER, at)


def test_a_number_of_somebody_else_is_refused_and_nothing_changes(make_account: Any, at: datetime) -> None:
    account = make_account("13800000001", totp=True)
    make_account("13900000009")
    with pytest.raises(accounts.IdentifierTaken):
        _settle(_ask(at), OFFICER, at, mobile="13900000009")
    assert account_queries.has_second_factor(account.id)
    assert RecoveryRequest.objects.get().state == "open"


def test_a_settlement_without_the_document_named_is_refused(make_account: Any, at: datetime) -> None:
    make_account("13800000001")
    with pytest.raises(ReasonRequired):
        _settle(_ask(at), OFFICER, at, reason=" ")


def test_a_request_for_an_unknown_account_cannot_be_settled(public_db: None, at: datetime) -> None:
    with pytest.raises(identity_recovery.NoSuchAccount):
        _settle(_ask(at), OFFICER, at)


@pytest.mark.parametrize("role", ["province_officer", "city_officer", "inspector"])
def test_an_officers_account_is_checked_by_the_province_and_settled_by_the_operator(
    make_account: Any, at: datetime, role: str
) -> None:
    account = make_account("13800000001", roles=((role, "360100"),), totp=True)
    request_id = _ask(at)
    for by in (OF_THE_CITY, OFFICER):
        with pytest.raises(identity_recovery.NotForThisCounter):
            _settle(request_id, by, at)
    with pytest.raises(identity_recovery.NotForThisCounter):
        _check(request_id, OF_THE_CITY, at)
    with pytest.raises(identity_recovery.CheckMissing):
        _settle(request_id, OPERATOR, at)
    _check(request_id, OFFICER, at)
    assert account_queries.has_second_factor(account.id)
    _settle(request_id, OPERATOR, at)
    row = RecoveryRequest.objects.get()
    assert (row.checked_by, row.settled_by) == (OFFICER.account_id, OPERATOR.account_id)
    assert not account_queries.has_second_factor(account.id)


def test_an_operators_account_takes_two_operators(make_account: Any, at: datetime) -> None:
    account = make_account("13800000001", roles=(("platform_operator", ""),), totp=True)
    request_id = _ask(at)
    with pytest.raises(identity_recovery.NotForThisCounter):
        _check(request_id, OFFICER, at)
    _check(request_id, OPERATOR, at)
    with pytest.raises(identity_recovery.SecondPersonSettles):
        _settle(request_id, OPERATOR, at)
    assert (account_queries.has_second_factor(account.id), RecoveryRequest.objects.get().state) == (True, "checked")
    _settle(request_id, SECOND_OPERATOR, at)
    assert not account_queries.has_second_factor(account.id)


def test_a_member_of_staff_is_checked_by_one_and_let_in_by_another_of_the_same_counter(
    make_account: Any, alpha: Any, at: datetime
) -> None:
    here = str(alpha.organisation_id)
    registrar, principal = (
        Actor(uuid7(), None, name, 2, frozenset({Grant(role, here)}))
        for name, role in (("孙某", "registrar"), ("陈校长", "principal"))
    )
    with tenancy.open_public():
        account = make_account("13700000001", roles=(("teacher", here),), totp=True)
    request_id = _ask(at, identifier="13700000001")
    with pytest.raises(identity_recovery.CheckMissing):
        _settle(request_id, registrar, at)
    _check(request_id, registrar, at)
    with pytest.raises(WrongState):
        _check(request_id, principal, at)
    with pytest.raises(identity_recovery.SecondPersonSettles):
        _settle(request_id, registrar, at)
    with tenancy.open_public():
        assert account_queries.has_second_factor(account.id)
    _settle(request_id, principal, at)
    with tenancy.open_public():
        assert not account_queries.has_second_factor(account.id)


def test_both_old_addresses_are_told_of_the_request_the_check_and_the_change(
    make_account: Any, at: datetime, newest: Callable[..., str]
) -> None:
    account = make_account("13800000001", roles=(("teacher", "0198c0de-0000-7000-8000-000000000001"),))
    EmailAddress.objects.create(user_id=account.id, email="old@example.com", primary=True, verified=True)
    Account.objects.filter(pk=account.id).update(email="old@example.com")
    request_id = _ask(at)
    _check(request_id, OFFICER, at)
    _settle(request_id, SECOND, at, mobile="13900000009")
    newest("identity.recovered")
    told = {
        template: sorted(m.address.reveal() for m in Message.objects.filter(template=f"identity.{template}"))
        for template in ("recovery_asked", "recovery_checked", "recovered")
    }
    assert told == {
        "recovery_asked": ["13800000001", "old@example.com"],
        "recovery_checked": ["13800000001", "old@example.com"],
        "recovered": ["13800000001", "new@example.com", "old@example.com"],
    }


@pytest.mark.parametrize("checked_by", [None, OPERATOR.account_id])
def test_the_database_refuses_one_person_for_an_account_with_a_role(
    make_account: Any, at: datetime, checked_by: Any
) -> None:
    account = make_account("13800000001", roles=(("inspector", "360100"),))
    rows = RecoveryRequest.objects.filter(pk=_ask(at))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(
            state="settled",
            state_since=at,
            account_id=account.id,
            checked_by=checked_by,
            settled_by=OPERATOR.account_id,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="checked", state_since=at)
    assert rows.get().state == "open"


def test_nobody_recovers_the_own_account(make_account: Any, at: datetime) -> None:
    account = make_account("13800000001")
    by = Actor(account.id, None, "李小路", 2, frozenset({Grant("province_officer", "360000")}))
    with pytest.raises(identity_recovery.NotForThisCounter):
        _settle(_ask(at), by, at)
    with pytest.raises(identity_recovery.NotForThisCounter):
        _check(_ask(at), by, at)


def test_an_institutions_counter_helps_those_who_learn_or_work_there_and_nobody_else(
    make_person: Any, make_account: Any, alpha: Any, beta: Any, at: datetime
) -> None:
    here, elsewhere = str(alpha.organisation_id), str(beta.organisation_id)
    registrar = Actor(uuid7(), None, "孙某", 2, frozenset({Grant("registrar", here)}))
    learner = make_person(1)
    claims.claim_position(
        person_id=learner.person_id, position="sgy-tj", institution_id=alpha.pk, enrolment_id=uuid7(), by=SYSTEM, at=at
    )
    make_person(2, name="吴某某")
    make_account("13700000001", roles=(("teacher", here),))
    make_account("13700000002", roles=(("teacher", elsewhere),))
    make_account("13700000003", roles=(("teacher", here), ("teacher", elsewhere)))
    make_account("13700000004", roles=(("principal", here),))
    went = {}
    for identifier in ("13800000101", "13800000102", *(f"1370000000{n}" for n in range(1, 5))):
        try:
            _settle(_ask(at, identifier=identifier), registrar, at)
            went[identifier] = "settled"
        except identity_recovery.CheckMissing:
            went[identifier] = "takes two"
        except identity_recovery.NotForThisCounter:
            went[identifier] = "refused"
    assert went == {
        "13800000101": "settled",
        "13800000102": "refused",
        "13700000001": "takes two",
        "13700000002": "refused",
        "13700000003": "refused",
        "13700000004": "refused",
    }


def test_a_request_is_refused_with_a_reason(make_account: Any, at: datetime) -> None:
    make_account("13800000001", totp=True)
    request_id = _ask(at)
    with pytest.raises(Invalid):
        identity_recovery.refuse_recovery(request_id=request_id, by=OFFICER, reason="", at=at)
    identity_recovery.refuse_recovery(request_id=request_id, by=OFFICER, reason="照片与本人不符", at=at)
    assert recoveries.recovery(request_id, OFFICER, at=at).history[-1].why == "照片与本人不符"
    assert account_queries.has_second_factor(Account.objects.get().pk)


def test_an_officer_finds_settles_and_refuses_on_the_pages(
    make_account: Any, visit: Any, totp: Callable[[], str], at: datetime
) -> None:
    make_account("13700000001", name="周敏", roles=(("province_officer", "360000"),), totp=True)
    make_account("13800000001")
    one, two = _ask(at), _ask(at)
    client = visit()
    client.post("/account/login/", {"login": "13700000001", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": totp()})
    assert len(client.get("/authority/recoveries/").context["found"]) == 2
    number = recoveries.recovery(one, OFFICER, at=at).number
    answer = client.get("/authority/recoveries/", {"number": number.lower()})
    assert answer["Location"] == f"/authority/recoveries/{one}/"
    page = client.get(answer["Location"]).content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page
    assert client.post(f"/authority/recoveries/{one}/", {"act": "settle", "reason": "身份证"}).status_code == 422
    for unknown in ({}, {"act": "burn"}):
        answer = client.post(f"/authority/recoveries/{one}/", unknown, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown-act")
    form = {"act": "settle", "seen": "on", "reason": "居民身份证"}
    assert client.post(f"/authority/recoveries/{one}/", form).status_code == 302
    assert client.post(f"/authority/recoveries/{two}/", {"act": "refuse", "no-reason": "本人未到场"}).status_code == 302
    assert [recoveries.recovery(r, OFFICER, at=at).state for r in (one, two)] == ["settled", "refused"]
    assert client.get(f"/authority/recoveries/{uuid7()}/").status_code == 404


def test_the_desk_is_closed_to_others(make_account: Any, visit: Any, totp: Callable[[], str]) -> None:
    make_account("13700000001", roles=(("inspector", "360100"),), totp=True)
    client = visit()
    client.post("/account/login/", {"login": "13700000001", "password": PASSWORD})
    client.post("/account/2fa/authenticate/", {"code": totp()})
    assert client.get("/authority/recoveries/").status_code == 403
    assert visit().get("/authority/recoveries/")["Location"] == "/sign-in/?next=%2Fauthority%2Frecoveries%2F"


def test_the_page_of_an_account_with_a_role_asks_one_to_check_and_another_to_settle(
    make_account: Any, acting: Any, at: datetime
) -> None:
    make_account("13800000001", roles=(("teacher", "0198c0de-0000-7000-8000-000000000001"),), totp=True)
    path = f"/authority/recoveries/{_ask(at)}/"
    seen = {"seen": "on", "reason": "居民身份证"}
    assert acting(OFFICER).post(path, {"act": "settle", **seen}).status_code == 422
    assert acting(OFFICER).post(path, {"act": "check", **seen}).status_code == 302
    assert 'value="settle"' not in acting(OFFICER).get(path).content.decode()
    assert acting(OFFICER).post(path, {"act": "settle", **seen}).status_code in (403, 422)
    assert RecoveryRequest.objects.get().state == "checked"
    assert acting(SECOND).post(path, {"act": "settle", **seen}).status_code == 302
    assert RecoveryRequest.objects.get().state == "settled"
