"""Decisions: the officer of the seat's area, or an institution that vouches; and the end of a registration."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.access import Actor, Denied
from kernel.errors import NotFound
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.employers.models import Registration
from shared.employers.operations import decisions, registrations
from shared.identity.models.accounts import RoleGrant
from shared.identity.models.people import Employer
from shared.institutions.models import Institution
from shared.institutions.queries.standings import StandingForbids
from shared.notices.models import Notice
from support import employers

pytestmark = pytest.mark.usefixtures("public_db")


def clerks() -> list[Any]:
    return list(RoleGrant.objects.filter(role="employer_clerk", ended_at=None).values_list("account_id", "scope"))


def told() -> list[tuple[Any, str]]:
    return sorted(Notice.objects.values_list("account_id", "template"), key=str)


def test_the_officer_of_the_seat_proves_and_whoever_applied_is_the_clerk(
    applicant: Actor, officer: Actor, at: datetime
) -> None:
    row = employers.registration(by=applicant, at=at)
    decisions.decide(registration_id=row.pk, prove=True, by=officer, at=at)
    row.refresh_from_db()
    employer = Employer.objects.get()
    assert (row.state, row.way, row.employer_id, row.decided_name) == ("proved", "letter", employer.pk, "演示科长")
    assert (employer.name, employer.credit_code) == (row.name, row.credit_code)
    assert clerks() == [(applicant.account_id, str(employer.pk))]
    assert told() == [(applicant.account_id, "employers.proved")]


def test_a_refusal_needs_its_reason_and_makes_nobody_a_clerk(applicant: Actor, officer: Actor, at: datetime) -> None:
    row = employers.registration(by=applicant, at=at)
    with pytest.raises(ReasonRequired):
        decisions.decide(registration_id=row.pk, prove=False, by=officer, at=at)
    decisions.decide(registration_id=row.pk, prove=False, reason="公章与名称不符", by=officer, at=at)
    row.refresh_from_db()
    assert (row.state, row.reason, row.employer_id, clerks()) == ("refused", "公章与名称不符", None, [])
    assert told() == [(applicant.account_id, "employers.refused")]
    with pytest.raises(WrongState):
        decisions.decide(registration_id=row.pk, prove=True, by=officer, at=at)


def test_the_area_and_the_role_decide_who_may(applicant: Actor, as_actor: Callable[..., Actor], at: datetime) -> None:
    row = employers.registration(by=applicant, at=at)
    for by, fault in (
        (as_actor("city_officer", scope="360400"), NotFound),
        (as_actor("inspector", scope="360100"), Denied),
        (applicant, Denied),
        (as_actor("city_officer", scope="360100", account_id=applicant.account_id), Denied),
    ):
        with pytest.raises(fault):
            decisions.decide(registration_id=row.pk, prove=True, by=by, at=at)
    row.refresh_from_db()
    assert row.state == "asked"
    decisions.decide(registration_id=row.pk, prove=True, by=as_actor("province_officer", scope="360000"), at=at)


def test_without_a_letter_there_is_nothing_to_find_right(applicant: Actor, officer: Actor, at: datetime) -> None:
    row = employers.registration(by=applicant, at=at, letter=False)
    with pytest.raises(decisions.NoLetter):
        decisions.decide(registration_id=row.pk, prove=True, by=officer, at=at)


def test_what_waits_for_its_code_is_not_the_officers_yet(applicant: Actor, officer: Actor, at: datetime) -> None:
    row = employers.registration(by=applicant, at=at, state="begun", proven_at=None)
    with pytest.raises(NotFound):
        decisions.decide(registration_id=row.pk, prove=True, by=officer, at=at)


def test_the_database_lets_nobody_decide_on_what_they_asked_for(applicant: Actor, at: datetime) -> None:
    row = employers.registration(by=applicant, at=at)
    with pytest.raises(IntegrityError, match="employers_by_two"), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(decided_by=applicant.account_id)


def _registrar(institution: Institution, as_actor: Callable[..., Actor]) -> Actor:
    return as_actor("registrar", scope=str(institution.organisation_id), name="演示教务")


def _vouch(by: Actor, at: datetime, **changes: Any) -> str:
    facts = {"credit_code": employers.credit_code(0), "applied_name": "演示经办", "seen": "营业执照、介绍信"}
    return decisions.vouch(**facts | changes, by=by, at=at)


def test_a_registrar_vouches_and_the_officer_of_the_area_is_told(
    applicant: Actor,
    make_applicant: Callable[..., Actor],
    institutions: tuple[Any, Any],
    as_actor: Callable[..., Actor],
    at: datetime,
) -> None:
    row = employers.registration(by=applicant, at=at, letter=False)
    watching = make_applicant("演示科长", 5)
    RoleGrant.objects.create(account_id=watching.account_id, role="city_officer", scope="360100", granted_at=at)
    with tenancy.open_institution(institutions[0]):
        assert _vouch(_registrar(institutions[0], as_actor), at) == row.name
    row.refresh_from_db()
    assert (row.state, row.way, row.institution_id, row.seen) == (
        "proved",
        "vouching",
        institutions[0].pk,
        "营业执照、介绍信",
    )
    assert clerks() == [(applicant.account_id, str(row.employer_id))]
    assert told() == sorted(
        [(applicant.account_id, "employers.proved"), (watching.account_id, "employers.vouched")], key=str
    )


def test_nobody_vouches_for_a_code_or_name_that_is_not_the_registrations(
    applicant: Actor, institutions: tuple[Any, Any], as_actor: Callable[..., Actor], at: datetime
) -> None:
    row = employers.registration(by=applicant, at=at)
    by = _registrar(institutions[0], as_actor)
    with tenancy.open_institution(institutions[0]):
        for changes in ({"applied_name": "别人"}, {"credit_code": employers.credit_code(8)}):
            with pytest.raises(decisions.NothingToVouch):
                _vouch(by, at, **changes)
        with pytest.raises(ReasonRequired):
            _vouch(by, at, seen=" ")
        with pytest.raises(Denied):
            _vouch(_registrar(institutions[1], as_actor), at)
        own = as_actor("registrar", scope=str(institutions[0].organisation_id), account_id=applicant.account_id)
        with pytest.raises(Denied):
            _vouch(own, at)
    row.refresh_from_db()
    assert row.state == "asked"


def test_an_institution_that_may_not_enrol_does_not_vouch(
    applicant: Actor, institutions: tuple[Any, Any], as_actor: Callable[..., Actor], at: datetime
) -> None:
    employers.registration(by=applicant, at=at)
    here = institutions[0]
    with tenancy.as_owner():
        type(here.organisation).objects.filter(pk=here.organisation_id).update(state="suspended")
    with tenancy.open_institution(here), pytest.raises(StandingForbids):
        _vouch(_registrar(here, as_actor), at)


def test_the_officer_ends_a_registration_with_everything_that_stands_on_it(
    applicant: Actor, officer: Actor, at: datetime
) -> None:
    row = employers.proved(by=applicant, officer=officer, at=at)
    with pytest.raises(ReasonRequired):
        decisions.end(registration_id=row.pk, reason="", by=officer, at=at)
    decisions.end(registration_id=row.pk, reason="介绍信系伪造", by=officer, at=at)
    row.refresh_from_db()
    assert (row.state, row.reason, clerks()) == ("ended", "介绍信系伪造", [])
    assert (applicant.account_id, "employers.ended") in told()
    again = employers.proved(by=applicant, officer=officer, at=at)
    assert (again.employer_id, clerks()) == (row.employer_id, [(applicant.account_id, str(row.employer_id))])
    assert registrations.proven(Employer.objects.get().pk).pk == again.pk
