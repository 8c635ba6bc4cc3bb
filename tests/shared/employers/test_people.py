"""An employer's people: named, asked, shown once they agreed, ended by either side."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from kernel import idnumbers
from kernel.access import Actor, Denied
from kernel.errors import Invalid, NotFound
from kernel.states import WrongState
from shared.employers.models import Employee, Registration
from shared.employers.operations import people
from shared.employers.queries import landing
from shared.employers.queries import people as employee_queries
from shared.identity.models.consents import Consent
from shared.notices.models import Notice
from shared.privacy.operations import erasing
from shared.privacy.operations.erasing import jobs
from support import employers

pytestmark = pytest.mark.usefixtures("public_db")
STRANGER = idnumbers.make_resident_id("360102", datetime(1991, 5, 6).date(), 7)


def add(row: Registration, by: Actor, at: datetime, **facts: Any) -> Any:
    assert row.employer_id is not None
    return people.add(employer_id=row.employer_id, by=by, at=at, **facts)


def listed(row: Registration) -> list[tuple[Any, ...]]:
    assert row.employer_id is not None
    values = [employee_queries.value(one) for one in employee_queries.listed(row.employer_id)]
    return [(one.name, one.masked_id, one.state, one.agreed_at, one.is_live) for one in values]


def test_whoever_has_an_account_and_whoever_has_none_look_alike_until_they_agree(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    known = make_person()
    add(company, clerk, at, name="欧阳学员", id_number=known.number)
    add(company, clerk, at, name="欧阳学员", id_number=STRANGER)
    before = listed(company)
    assert Notice.objects.filter(account_id=known.actor.account_id).count() == 0
    assert people.ask(at=at) == 1
    assert people.ask(at=at) == 0
    assert listed(company) == before
    assert {line[2:] for line in before} == {("asked", None, True)}
    assert list(Notice.objects.filter(template="employers.named").values_list("account_id", flat=True)) == [
        known.actor.account_id
    ]
    people.answer(employee_id=Employee.objects.get(person__isnull=False).pk, agree=False, by=known.actor, at=at)
    assert listed(company) == before


def test_a_name_that_is_not_the_numbers_asks_nobody(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    known = make_person()
    add(company, clerk, at, name="别人", id_number=known.number)
    assert people.ask(at=at) == 0
    assert Employee.objects.get().person_id is None


def test_who_comes_later_is_asked_then(company: Registration, clerk: Actor, make_person: Any, at: datetime) -> None:
    number = idnumbers.make_resident_id("360102", datetime(1990, 3, 2).date(), 4)
    add(company, clerk, at, name="欧阳学员", id_number=number)
    assert people.ask(at=at) == 0
    late = make_person(n=4)
    assert late.number == number
    assert people.ask(at=at) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": "某人", "id_number": "360102199003020011"}, "id_number"),
        ({"name": "", "id_number": STRANGER}, "name"),
        ({"name": "某人", "id_number": STRANGER, "id_type": "licence"}, "id_type"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(
    company: Registration, clerk: Actor, at: datetime, facts: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        add(company, clerk, at, **facts)
    assert (refusal.value.field, Employee.objects.count()) == (field, 0)


def test_a_number_stands_on_a_list_once_however_it_is_typed(company: Registration, clerk: Actor, at: datetime) -> None:
    add(company, clerk, at, name="某人", id_number=STRANGER)
    with pytest.raises(people.AlreadyNamed):
        add(company, clerk, at, name="某人", id_number=f" {STRANGER[:6]} {STRANGER[6:].lower()}")
    row = Employee.objects.get()
    with pytest.raises(IntegrityError, match="employers_employee_once"), transaction.atomic():
        Employee.objects.create(
            employer_id=row.employer_id,
            name="某人",
            id_type="resident",
            id_number=STRANGER,
            id_blind=row.id_blind,
            added_by=row.added_by,
            added_at=at,
            stands_until=at.date(),
            state_since=at,
        )


def test_who_agrees_is_shown_with_a_separate_consent_and_the_clerks_are_told(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    assert company.employer_id is not None
    assert employee_queries.agreed(company.employer_id) == []
    people.answer(employee_id=row.pk, agree=True, by=person.actor, at=at)
    agreed = employee_queries.agreed(company.employer_id)
    assert [(one.name, one.person_id) for one in agreed] == [("欧阳学员", person.actor.person_id)]
    consent = Consent.objects.get(kind="passing_on")
    recipient = f"{company.name} {company.credit_code}"
    assert (consent.account_id, consent.recipient, consent.withdrawn_at) == (person.actor.account_id, recipient, None)
    assert Notice.objects.filter(template="employers.agreed", account_id=clerk.account_id).count() == 1
    assert employee_queries.agreed(company.employer_id, person_ids=[company.pk]) == []


def test_nobody_answers_for_somebody_else_and_nobody_lists_anothers_people(
    company: Registration, clerk: Actor, make_person: Any, as_actor: Callable[..., Actor], at: datetime
) -> None:
    person, other = make_person(), make_person("上官某人", 2)
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    for by in (other.actor, clerk):
        with pytest.raises(NotFound):
            people.answer(employee_id=row.pk, agree=True, by=by, at=at)
        with pytest.raises(NotFound):
            people.leave(employee_id=row.pk, by=by, at=at)
    stranger = as_actor("employer_clerk", scope=str(company.pk))
    assert company.employer_id is not None
    with pytest.raises(Denied):
        people.take_off(employer_id=company.employer_id, employee_id=row.pk, by=stranger, at=at)
    with pytest.raises(NotFound):
        employee_queries.employer_for(stranger, company.employer_id)
    assert Employee.objects.get().state == "asked"


@pytest.mark.parametrize("side", ["person", "employer"])
def test_either_side_ends_it_and_the_consent_ends_with_it(
    company: Registration, clerk: Actor, make_person: Any, at: datetime, side: str
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    people.answer(employee_id=row.pk, agree=True, by=person.actor, at=at)
    then = at + timedelta(days=3)
    assert company.employer_id is not None
    if side == "person":
        people.leave(employee_id=row.pk, by=person.actor, at=then)
    else:
        people.take_off(employer_id=company.employer_id, employee_id=row.pk, by=clerk, at=then)
    row.refresh_from_db()
    assert (row.state, row.ended_side, row.agreed_at, row.ended_at) == ("ended", side, at, then)
    assert Consent.objects.get(kind="passing_on").withdrawn_at == then
    assert employee_queries.agreed(company.employer_id) == []
    template, account = {
        "person": ("employers.employee_left", clerk.account_id),
        "employer": ("employers.employee_ended", person.actor.account_id),
    }[side]
    assert list(Notice.objects.filter(template=template).values_list("account_id", flat=True)) == [account]
    with pytest.raises(WrongState):
        people.answer(employee_id=row.pk, agree=True, by=person.actor, at=then)
    add(company, clerk, then, name="欧阳学员", id_number=person.number)


def test_a_consent_taken_back_elsewhere_hides_at_once_and_is_ended_within_a_minute(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    people.answer(employee_id=row.pk, agree=True, by=person.actor, at=at)
    assert company.employer_id is not None
    assert people.settle(at=at) == 0
    erasing.withdraw(consent_id=Consent.objects.get(kind="passing_on").pk, by=person.actor, at=at)
    assert employee_queries.agreed(company.employer_id) == []
    assert people.settle(at=at) == 1
    row.refresh_from_db()
    assert (row.state, row.ended_side) == ("ended", "person")


def test_what_nobody_agreed_to_is_over_on_the_same_day_whether_it_was_declined_or_not(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    add(company, clerk, at, name="某人", id_number=STRANGER)
    people.answer(employee_id=row.pk, agree=False, by=person.actor, at=at)
    assert people.settle(at=at + timedelta(days=30)) == 0
    assert people.settle(at=at + timedelta(days=31)) == 2
    assert {line[2] for line in listed(company)} == {"lapsed"}


def _file(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", "\r\n".join(lines).encode("gb18030"))


def test_a_table_names_many_and_again_changes_nothing(company: Registration, clerk: Actor, at: datetime) -> None:
    numbers = [idnumbers.make_resident_id("360102", datetime(1990, 1, 1).date(), n) for n in range(3)]
    lines = ["证件号码,姓名", *(f"{number},学员{'甲乙丙'[n]}" for n, number in enumerate(numbers))]
    assert company.employer_id is not None
    facts: dict[str, Any] = {"employer_id": company.employer_id, "by": clerk, "at": at}
    assert people.add_file(content=_file(*lines), **facts) == people.FileResult(added=3)
    assert people.add_file(content=_file(*lines), **facts) == people.FileResult(known=3)
    assert Employee.objects.count() == 3


def test_a_table_with_one_fault_names_nobody_and_says_where(company: Registration, clerk: Actor, at: datetime) -> None:
    lines = ("证件号码,姓名", f"{STRANGER},某人", "360102199003020011,别人", "3.60102E+17,某某")
    assert company.employer_id is not None
    result = people.add_file(employer_id=company.employer_id, content=_file(*lines), by=clerk, at=at)
    assert [fault.line for fault in result.faults] == [4]
    result = people.add_file(employer_id=company.employer_id, content=_file(*lines[:3]), by=clerk, at=at)
    assert [(fault.line, fault.heading) for fault in result.faults] == [(3, "证件号码")]
    assert Employee.objects.count() == 0


def test_what_is_over_is_overwritten_after_its_time(
    company: Registration, clerk: Actor, make_person: Any, at: datetime
) -> None:
    person = make_person()
    row = employers.named(company, person_id=person.actor.person_id, number=person.number, by=clerk, at=at)
    assert company.employer_id is not None
    people.take_off(employer_id=company.employer_id, employee_id=row.pk, by=clerk, at=at)
    assert jobs["employees"].term == "named"
    assert erasing.erase_kind(kind="employees", at=at + timedelta(days=179)) == 0
    assert erasing.erase_kind(kind="employees", at=at + timedelta(days=182)) == 1
    row.refresh_from_db()
    assert (row.name, row.id_number.reveal()) == ("—", "—")
    assert erasing.erase_kind(kind="employees", at=at + timedelta(days=200)) == 0


def test_who_did_not_agree_in_time_is_to_be_spoken_to_for_a_month_or_until_named_again(
    company: Registration, clerk: Actor, at: datetime
) -> None:
    def unanswered(then: datetime) -> list[int]:
        return [desk.unanswered for desk in landing.desks(clerk, then)]

    add(company, clerk, at, name="某人", id_number=STRANGER)
    over = at + timedelta(days=31)
    assert (unanswered(over), people.settle(at=over), unanswered(over)) == ([0], 1, [1])
    assert unanswered(over + timedelta(days=31)) == [0]
    add(company, clerk, over, name="某人", id_number=STRANGER)
    assert unanswered(over) == [0]
