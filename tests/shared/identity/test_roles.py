"""Roles: who grants, who is invited, who ends."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import idnumbers, later
from kernel.access import SYSTEM, Actor, Denied, Grant
from kernel.errors import Invalid, Refusal
from kernel.fields import uuid7
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, UNSCOPED_ROLES, Role
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import people
from shared.identity.operations import recovery as identity_recovery
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.notices.models import Message, Notice
from shared.portal import queries as portal_queries

PASSWORD = "correct-horse-9"
ORG = "0198c0de-0000-7000-8000-000000000001"


def _principal(scope: str = ORG, account_id: Any = None) -> Actor:
    return Actor(account_id or uuid7(), None, "陈校长", 2, frozenset({Grant("principal", scope)}))


OPERATOR = Actor(None, None, "平台", 2, frozenset({Grant("platform_operator", "")}))


@pytest.mark.parametrize("role", [r.value for r in STAFF_ROLES])
def test_a_principal_grants_each_staff_role_of_the_own_organisation(make_account: Any, at: datetime, role: str) -> None:
    account = make_account()
    identity_roles.grant_role(account_id=account.id, role=role, scope=ORG, by=_principal(), at=at)
    assert [h.id for h in account_queries.holders(role, ORG)] == [account.id]


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("teacher", "0198c0de-0000-7000-8000-000000000002"),
        ("city_officer", "360100"),
        ("platform_operator", ""),
    ],
)
def test_a_principal_grants_nothing_else(make_account: Any, at: datetime, role: str, scope: str) -> None:
    account = make_account()
    with pytest.raises(Denied):
        identity_roles.grant_role(account_id=account.id, role=role, scope=scope, by=_principal(), at=at)
    assert RoleGrant.objects.count() == 0


@pytest.mark.parametrize("role", ["province_officer", "city_officer", "inspector", "teacher", "cashier", "registrar"])
def test_others_grant_nothing(make_account: Any, at: datetime, role: str) -> None:
    account = make_account()
    by = Actor(uuid7(), None, "某某", 2, frozenset({Grant(role, ORG), Grant(role, "360100")}))
    for requested, scope in (("teacher", ORG), ("inspector", "360100"), ("platform_operator", "")):
        with pytest.raises(Denied):
            identity_roles.grant_role(account_id=account.id, role=requested, scope=scope, by=by, at=at)
    assert RoleGrant.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "scope"), [("city_officer", "999999"), ("platform_operator", "x"), ("teacher", "360100"), ("king", "")]
)
def test_a_scope_that_does_not_fit_is_refused(make_account: Any, at: datetime, role: str, scope: str) -> None:
    account = make_account()
    with pytest.raises(Refusal):
        identity_roles.grant_role(account_id=account.id, role=role, scope=scope, by=SYSTEM, at=at)
    assert RoleGrant.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("platform_operator", "360000"),
        ("training_centre", ORG),
        ("province_officer", ""),
        ("city_officer", ORG),
        ("inspector", "3601"),
        ("employer_clerk", ""),
        ("principal", "360100"),
        ("teacher", ORG.upper()),
        ("cashier", ORG.replace("-", "")),
    ],
)
def test_the_database_refuses_a_scope_of_another_kind_than_the_role_s(
    make_account: Any, at: datetime, role: str, scope: str
) -> None:
    account = make_account()
    with pytest.raises(IntegrityError, match="identity_grant_role_scope"), transaction.atomic():
        RoleGrant.objects.create(account_id=account.id, role=role, scope=scope, granted_at=at)
    assert RoleGrant.objects.count() == 0


@pytest.mark.parametrize("role", Role.values)
def test_each_role_has_a_scope_that_the_database_takes(make_account: Any, at: datetime, role: str) -> None:
    scope = "" if role in UNSCOPED_ROLES else "36GJXQ" if role in AUTHORITY_ROLES else ORG
    RoleGrant.objects.create(account_id=make_account().id, role=role, scope=scope, granted_at=at)
    assert RoleGrant.objects.get().scope == scope


def test_a_role_is_granted_once_and_again_after_it_ended(make_account: Any, at: datetime) -> None:
    account = make_account()
    grant = {"account_id": account.id, "role": "teacher", "scope": ORG, "by": _principal()}
    identity_roles.grant_role(at=at, **grant)
    with pytest.raises(identity_roles.AlreadyGranted):
        identity_roles.grant_role(at=at, **grant)
    identity_roles.end_role(at=at + timedelta(days=1), **grant)
    assert account_queries.holders("teacher", ORG) == []
    assert len(account_queries.holders("teacher", ORG, at=at)) == 1
    identity_roles.grant_role(at=at + timedelta(days=2), **grant)
    assert RoleGrant.objects.count() == 2


def test_the_last_principal_stays(make_account: Any, at: datetime) -> None:
    one, two = make_account("13800000001"), make_account("13800000002")
    identity_roles.grant_role(account_id=one.id, role="principal", scope=ORG, by=SYSTEM, at=at)
    by = _principal(account_id=one.id)
    with pytest.raises(identity_roles.LastPrincipal):
        identity_roles.end_role(account_id=one.id, role="principal", scope=ORG, by=by, at=at)
    identity_roles.grant_role(account_id=two.id, role="principal", scope=ORG, by=by, at=at)
    identity_roles.end_role(account_id=one.id, role="principal", scope=ORG, by=by, at=at)
    assert [h.id for h in account_queries.holders("principal", ORG)] == [two.id]


def test_who_is_invited_sets_a_password_by_the_link_and_is_led_to_the_second_factor(
    institutions: Any, visit: Any, at: datetime, newest: Callable[..., str], link_in: Callable[[str], str]
) -> None:
    scope = str(institutions[0].organisation_id)
    identity_roles.invite(
        identifier="137 0000 0001", name="孙老师", role="teacher", scope=scope, by=_principal(scope), at=at
    )
    text = newest("identity.invitation")
    assert "演示培训学校甲" in text
    link, client = link_in(text), visit()
    assert client.get(link).status_code == 200
    assert len(client.post(link, {"password": "1234567890"}).context["form"].errors["password"]) == 2
    answer = client.post(link, {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/home/")
    account = Account.objects.get()
    assert (account.name, account.mobile_verified_at is not None) == ("孙老师", True)
    assert client.get("/account/home/")["Location"] == "/sign-in/?second=1&next=%2Faccount%2Fhome%2F"
    assert visit().get(link).status_code == 403
    assert visit().post(link, {"password": "another-word-7"}).status_code == 403
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_inviting_again_who_has_not_come_sends_the_link_again_and_grants_once(
    institutions: Any, at: datetime, newest: Callable[..., str]
) -> None:
    scope = str(institutions[0].organisation_id)
    for _ in range(2):
        identity_roles.invite(
            identifier="a@example.com", name="赵老师", role="teacher", scope=scope, by=_principal(scope), at=at
        )
    newest()
    assert (Account.objects.count(), RoleGrant.objects.count()) == (1, 1)
    assert Message.objects.filter(template="identity.invitation", channel="email").count() == 2


def test_who_has_an_account_is_told_in_it(
    institutions: Any, make_account: Any, at: datetime, newest: Callable[..., str]
) -> None:
    account, scope = make_account("13800000001"), str(institutions[0].organisation_id)
    identity_roles.invite(identifier="13800000001", name="谁", role="cashier", scope=scope, by=_principal(scope), at=at)
    newest("identity.granted")
    assert Notice.objects.get().account_id == account.id
    assert Account.objects.get().name == "李小路"


def test_a_refused_invitation_makes_no_account_and_sends_nothing(institutions: Any, at: datetime) -> None:
    scope = str(institutions[0].organisation_id)
    with pytest.raises(Denied):
        identity_roles.invite(
            identifier="13700000001", name="某某", role="inspector", scope="360100", by=_principal(scope), at=at
        )
    with pytest.raises(Invalid):
        identity_roles.invite(identifier="137", name="某某", role="teacher", scope=scope, by=_principal(scope), at=at)
    later.drain()
    assert (Account.objects.count(), RoleGrant.objects.count(), Message.objects.count()) == (0, 0, 0)


def _strong(visit: Any, slug: str, totp: Callable[[], str]) -> Any:
    platform = visit()
    platform.post("/account/login/", {"login": "13800000001", "password": PASSWORD})
    platform.post("/account/2fa/authenticate/", {"code": totp()})
    if not slug:
        return platform
    here = visit(slug)
    address = here.get("/sign-in/")["Location"].removeprefix("http://nuoxing.localhost:8000")
    back = platform.get(address)["Location"].removeprefix(f"http://{slug}.nuoxing.localhost:8000")
    here.get(back)
    return here


def test_a_principal_invites_and_ends_on_the_staff_page(
    institutions: Any, make_account: Any, visit: Any, totp: Callable[[], str]
) -> None:
    scope = str(institutions[0].organisation_id)
    make_account(roles=(("principal", scope),), totp=True)
    here = _strong(visit, "alpha", totp)
    form = {"identifier": "13700000002", "name": "吴出纳", "role": "cashier"}
    assert here.post("/staff/people/", form).status_code == 302
    assert here.post("/staff/people/", form | {"role": "inspector"}).status_code == 422
    assert here.post("/staff/people/", form | {"identifier": "x"}).status_code == 422
    assert here.post("/staff/people/", form | {"role": ""}).status_code == 422  # no role goes by itself
    page = here.get("/staff/people/")
    assert [(p.name, p.role, p.joined) for p in page.context["people"]] == [
        ("李小路", "principal", True),
        ("吴出纳", "cashier", False),
    ]
    cashier = page.context["people"][1]
    assert here.post(f"/staff/people/{cashier.id}/ending/").status_code == 302
    assert account_queries.holders("cashier", scope) == []
    last = page.context["people"][0]
    here.post(f"/staff/people/{last.id}/ending/")
    assert len(account_queries.holders("principal", scope)) == 1


def test_a_principal_does_not_end_a_role_at_another_institution(
    institutions: Any, make_account: Any, visit: Any, totp: Callable[[], str], at: datetime
) -> None:
    make_account(roles=(("principal", str(institutions[0].organisation_id)),), totp=True)
    other = make_account("13800000002", roles=(("cashier", str(institutions[1].organisation_id)),))
    here = _strong(visit, "alpha", totp)
    grant = RoleGrant.objects.get(account_id=other.id)
    assert here.post(f"/staff/people/{grant.pk}/ending/").status_code == 404
    assert here.post(f"/staff/people/{uuid7()}/ending/").status_code == 404
    grant.refresh_from_db()
    assert grant.ended_at is None


def test_the_operator_invites_officers(
    make_account: Any, visit: Any, totp: Callable[[], str], institutions: Any
) -> None:
    make_account(roles=(("platform_operator", ""),), totp=True)
    client = _strong(visit, "", totp)
    form = {"identifier": "13700000003", "name": "周敏", "role": "city_officer"}
    assert client.post("/operator/people/", form | {"scope": ""}).status_code == 422
    assert client.post("/operator/people/", form | {"scope": "360100"}).status_code == 302
    assert [h.name for h in account_queries.holders("city_officer", "360100")] == ["周敏"]
    assert client.get("/operator/people/").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_staff_costs_two_queries(make_account: Any, count: int, asks: Any) -> None:
    for n in range(count):
        make_account(f"1380000000{n}", roles=(("teacher", ORG),))
    assert asks(lambda: account_queries.grants_in(ORG, [Role.TEACHER])) == 2
    assert len(account_queries.grants_in(ORG, [Role.TEACHER])) == count


def test_officers_and_the_operator_are_told_of_accounts_to_recover(public_db: None, at: datetime) -> None:
    officer = Actor(uuid7(), None, "周敏", 2, frozenset({Grant("province_officer", "360000")}))
    inspector = Actor(uuid7(), None, "涂检查", 2, frozenset({Grant("inspector", "360100")}))
    path = "/authority/recoveries/"
    assert path not in [t.url for t in portal_queries.todos(officer, at)]
    identity_recovery.ask_recovery(
        cause="lost_phone", identifier="13900000001", name="某某", contact_address="a@example.com", words="", at=at
    )
    elsewhere = Actor(uuid7(), None, "徐亮", 2, frozenset({Grant("city_officer", "360100")}))
    told = [path in [t.url for t in portal_queries.todos(actor, at)] for actor in (officer, elsewhere, inspector)]
    assert told == [True, False, False]


def test_a_clerk_lands_on_the_employers_page(
    make_account: Any, visit: Any, totp: Callable[[], str], at: datetime
) -> None:
    code = idnumbers.make_credit_code("91", "360100", "MA000012")
    employer = people.register_employer(name="演示建工", credit_code=code, by=SYSTEM, at=at)
    make_account(roles=(("employer_clerk", str(employer)),), totp=True)
    client = _strong(visit, "", totp)
    assert client.get("/account/home/")["Location"] == "/employer/"
    assert "演示建工" in client.get("/employer/").content.decode()


def test_the_last_operator_does_not_end_whoever_asks_and_the_database_says_so_too(
    make_account: Any, at: datetime
) -> None:
    make_account(roles=(("platform_operator", ""),))
    row = RoleGrant.objects.get()
    for by in (OPERATOR, SYSTEM):
        with pytest.raises(identity_roles.LastOperator):
            identity_roles.end_grant(grant_id=row.pk, by=by, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=row.pk).update(ended_at=at)
    row.refresh_from_db()
    assert row.ended_at is None
    make_account("13800000002", roles=(("platform_operator", ""),))
    identity_roles.end_grant(grant_id=row.pk, by=OPERATOR, at=at)
    assert [grant.account.name for grant in RoleGrant.objects.filter(ended_at=None)] == ["李小路"]
    assert RoleGrant.objects.filter(ended_at=None).exclude(pk=row.pk).count() == 1
