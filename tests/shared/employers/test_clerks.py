"""Clerks: invited, ended, and the last one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kernel.access import Actor, Denied, SecondFactorNeeded
from kernel.errors import NotFound
from kernel.reasons import ReasonRequired
from shared.employers.models import Employee, Registration
from shared.employers.operations import clerks, registrations
from shared.employers.queries import clerks as clerk_queries
from shared.identity.models.accounts import RoleGrant
from shared.identity.operations.roles import AlreadyGranted
from shared.notices.models import Message, Notice
from support import employers

pytestmark = pytest.mark.usefixtures("public_db")


def names(row: Registration) -> list[str]:
    assert row.employer_id is not None
    return [grant.name for grant in clerk_queries.clerks(row.employer_id)]


def invite(row: Registration, by: Actor, at: datetime, n: int = 1) -> Any:
    assert row.employer_id is not None
    facts = {"identifier": f"second{n}@example.invalid", "name": f"演示{'二三四'[n - 1]}"}
    clerks.invite(employer_id=row.employer_id, **facts, by=by, at=at)
    return RoleGrant.objects.latest("granted_at", "pk")


def test_a_clerk_invites_another_one_and_the_third_is_told(company: Registration, clerk: Actor, at: datetime) -> None:
    second = invite(company, clerk, at)
    assert sorted(names(company)) == ["演示二", "演示经办"]
    third = invite(company, employers.clerk_of(company, account_id=second.account_id, name="演示二"), at, 2)
    told = list(Notice.objects.filter(template="employers.clerk_added").values_list("account_id", flat=True))
    assert told == [clerk.account_id]
    assert third.granted_by == second.account_id
    with pytest.raises(AlreadyGranted):
        clerks.invite(
            employer_id=company.employer_id, identifier="clerk0@example.invalid", name="演示经办", by=clerk, at=at
        )


def test_the_invitation_names_the_employer(company: Registration, clerk: Actor, at: datetime) -> None:
    from kernel import clock, later

    invite(company, clerk, at)
    later.drain(until=clock.real_now())
    row = Message.objects.get(template="identity.invitation")
    assert company.name in row.body.reveal()


def test_nobody_but_a_clerk_of_this_very_employer_invites(
    company: Registration, officer: Actor, make_applicant: Callable[..., Actor], at: datetime
) -> None:
    other = employers.proved(by=make_applicant("演示别人", 2), officer=officer, at=at, n=2)
    weak = Actor(company.applied_by, None, "演示经办", 1, employers.clerk_of(company).grants)
    for by in (employers.clerk_of(other), officer):
        with pytest.raises(Denied):
            invite(company, by, at)
    with pytest.raises(SecondFactorNeeded):
        invite(company, weak, at)
    assert names(company) == ["演示经办"]


def test_a_clerk_ends_another_one_who_is_told(company: Registration, clerk: Actor, at: datetime) -> None:
    second = invite(company, clerk, at)
    assert company.employer_id is not None
    with pytest.raises(NotFound):
        clerks.end(employer_id=company.employer_id, grant_id=company.pk, by=clerk, at=at)
    assert not clerks.end(employer_id=company.employer_id, grant_id=second.pk, by=clerk, at=at)
    assert names(company) == ["演示经办"]
    assert list(Notice.objects.filter(template="employers.clerk_ended").values_list("account_id", flat=True)) == [
        second.account_id
    ]


def test_the_last_clerk_goes_with_a_reason_the_registration_ends_and_the_officers_are_told(
    company: Registration, clerk: Actor, make_applicant: Callable[..., Actor], make_person: Any, at: datetime
) -> None:
    person = make_person()
    employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    watching = make_applicant("演示科长", 5)
    RoleGrant.objects.create(account_id=watching.account_id, role="city_officer", scope="360100", granted_at=at)
    own = RoleGrant.objects.get(role="employer_clerk")
    assert company.employer_id is not None
    with pytest.raises(ReasonRequired):
        clerks.end(employer_id=company.employer_id, grant_id=own.pk, by=clerk, at=at)
    assert names(company) == ["演示经办"]
    assert clerks.end(employer_id=company.employer_id, grant_id=own.pk, reason="单位注销", by=clerk, at=at)
    company.refresh_from_db()
    assert (company.state, names(company), Employee.objects.get().state) == ("ended", [], "withdrawn")
    assert list(Notice.objects.filter(template="employers.left").values_list("account_id", flat=True)) == [
        watching.account_id
    ]
    with pytest.raises(registrations.EmployerNotProven):
        invite(company, clerk, at)
