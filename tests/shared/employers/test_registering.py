"""Registrations: begun, the telephone proven, taken back, over."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel.access import ANONYMOUS, Actor, SignInNeeded
from kernel.errors import Invalid, NotFound
from kernel.states import WrongState
from shared.employers.models import Registration
from shared.employers.operations import registrations
from shared.identity.models.accounts import RoleGrant
from shared.notices.models import Notice
from shared.policy.operations import packs as pack_operations
from shared.policy.queries import packs as pack_queries
from shared.policy.queries.authorities import DivisionUnknown
from shared.records.operations import FileRefused
from support import employers

pytestmark = pytest.mark.usefixtures("public_db")


def begin(by: Actor, at: datetime, **changes: object) -> Registration:
    key = registrations.begin(**(employers.FORM | changes), by=by, at=at)
    return Registration.objects.get(pk=key)


def test_a_registration_waits_for_the_code_of_the_employers_telephone(
    applicant: Actor, at: datetime, sent_code: Callable[[], str]
) -> None:
    row = begin(applicant, at)
    assert (row.state, row.authority_code, str(row.telephone), row.applied_name) == (
        "begun",
        "360100",
        "139****0077",
        "演示经办",
    )
    code = sent_code()
    assert registrations.prove_telephone(registration_id=row.pk, code=code, by=applicant, at=at)
    row.refresh_from_db()
    assert (row.state, row.proven_at, row.stands_until.isoformat()) == ("asked", at, "2026-04-01")
    assert RoleGrant.objects.count() == 0


def test_a_wrong_code_is_counted_and_after_three_none_is_right(
    applicant: Actor, at: datetime, sent_code: Callable[[], str]
) -> None:
    row = begin(applicant, at)
    code = sent_code()
    tries = [
        registrations.prove_telephone(registration_id=row.pk, code="WRONG", by=applicant, at=at) for _n in range(3)
    ]
    assert tries == [False, False, False]
    with pytest.raises(registrations.CodeSpent):
        registrations.prove_telephone(registration_id=row.pk, code=code, by=applicant, at=at)
    registrations.send_new_code(registration_id=row.pk, by=applicant, at=at)
    assert registrations.prove_telephone(registration_id=row.pk, code=sent_code(), by=applicant, at=at)


def test_a_code_counts_for_a_quarter_of_an_hour(applicant: Actor, at: datetime, sent_code: Callable[[], str]) -> None:
    row = begin(applicant, at)
    code = sent_code()
    with pytest.raises(registrations.CodeSpent):
        registrations.prove_telephone(registration_id=row.pk, code=code, by=applicant, at=at + timedelta(minutes=15))
    row.refresh_from_db()
    assert row.state == "begun"


@pytest.mark.parametrize(
    ("changes", "fault", "field"),
    [
        ({"credit_code": "91360100MA90000000"}, Invalid, "credit_code"),
        ({"telephone": "0791-8888"}, Invalid, "telephone"),
        ({"letter": b"MZ no letter"}, FileRefused, "letter"),
        ({"division_code": "110000"}, DivisionUnknown, "division_code"),
        ({"name": " "}, Invalid, "name"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field_and_nothing_is_begun(
    applicant: Actor, at: datetime, changes: dict[str, object], fault: type[Invalid], field: str
) -> None:
    with pytest.raises(fault) as refusal:
        begin(applicant, at, **changes)
    assert refusal.value.field == field
    assert Registration.objects.count() == 0


def test_nobody_begins_without_an_account(at: datetime) -> None:
    with pytest.raises(SignInNeeded):
        begin(ANONYMOUS, at)


def test_a_code_that_waits_or_is_proven_is_not_registered_again(
    applicant: Actor, make_applicant: Callable[..., Actor], at: datetime, sent_code: Callable[[], str]
) -> None:
    other = make_applicant("演示别人", 1)
    row = begin(other, at)
    code = sent_code()
    employers.registration(by=applicant, at=at)
    with pytest.raises(registrations.EmployerRegistered):
        begin(applicant, at)
    with pytest.raises(registrations.EmployerRegistered):
        registrations.prove_telephone(registration_id=row.pk, code=code, by=other, at=at)
    row.refresh_from_db()
    assert row.state == "begun"


def test_the_database_holds_one_registration_of_a_code(applicant: Actor, at: datetime) -> None:
    employers.registration(by=applicant, at=at)
    with pytest.raises(IntegrityError, match="employers_one_registration"), transaction.atomic():
        employers.registration(by=applicant, at=at)


def test_whoever_began_takes_it_back_and_nobody_else(
    applicant: Actor, make_applicant: Callable[..., Actor], at: datetime
) -> None:
    row = employers.registration(by=applicant, at=at)
    with pytest.raises(NotFound):
        registrations.withdraw(registration_id=row.pk, by=make_applicant("演示别人", 1), at=at)
    registrations.withdraw(registration_id=row.pk, by=applicant, at=at)
    with pytest.raises(WrongState):
        registrations.withdraw(registration_id=row.pk, by=applicant, at=at)
    assert employers.registration(by=applicant, at=at).state == "asked"


def test_what_nobody_decides_is_over_after_the_days_of_the_pack(applicant: Actor, at: datetime) -> None:
    row = employers.registration(by=applicant, at=at)
    assert registrations.lapse(at=at + timedelta(days=30)) == 0
    assert registrations.lapse(at=at + timedelta(days=31)) == 1
    row.refresh_from_db()
    assert row.state == "lapsed"
    assert list(Notice.objects.values_list("template", flat=True)) == ["employers.lapsed"]


def test_the_days_and_ways_are_the_packs_and_marked_as_not_the_policys(at: datetime) -> None:
    pack = pack_queries.pack_at(at)
    assert pack.employers is not None
    assert (pack.employers.ways, pack.employers.waiting_days) == (("letter", "vouching"), 30)
    assert not pack.source("employers.ways").from_policy


def test_under_a_pack_that_says_nothing_nobody_is_registered(
    applicant: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = pack_queries.pack_at(at).model_copy(update={"employers": None})
    monkeypatch.setattr(pack_queries, "pack_at", lambda *_when: silent)
    with pytest.raises(registrations.RegistrationClosed):
        begin(applicant, at)
    assert pack_operations.load_packs  # the shipped ones all say it
    assert Registration.objects.count() == 0
