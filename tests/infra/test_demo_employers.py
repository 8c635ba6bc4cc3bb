"""The demonstration's employers: proven by their officers, one with two clerks and its people, one that waits."""

import pytest

from infra.demo import employers
from infra.demo.accounts import OFFICES, PLATFORM
from infra.demo.actors import grant
from infra.demo.days import Days
from infra.demo.province import COMPANIES
from kernel.access import SYSTEM
from kernel.roles import Role
from shared.employers.models import Employee, Registration
from shared.employers.queries import clerks
from shared.employers.queries import people as employee_queries
from shared.identity.operations import people

pytestmark = pytest.mark.usefixtures("public_db")


@pytest.fixture
def loaded(public_db: None) -> None:
    """The officers and clerks as the province's load leaves them, then the employers."""
    at = Days.today().of(-90)
    for person in (*PLATFORM, *OFFICES):
        if person.role != Role.EMPLOYER_CLERK:
            grant(person, at=at)
    for company in COMPANIES:
        key = people.register_employer(name=company.name, credit_code=company.credit_code, by=SYSTEM, at=at)
        grant(company.clerk, scope=str(key), at=at)
    employers.load()


def test_all_companies_but_one_are_proven(loaded: None) -> None:
    states = dict(Registration.objects.values_list("name", "state"))
    assert states == {company.name: "proved" for company in COMPANIES} | {employers.WAITING.name: "asked"}


def test_the_first_has_two_clerks_and_people_of_whom_some_agreed(loaded: None) -> None:
    row = Registration.objects.get(credit_code=COMPANIES[0].credit_code)
    assert row.employer_id is not None
    assert len(clerks.clerks(row.employer_id)) == 2
    assert Employee.objects.count() == len(employers.AGREED) + len(employers.ASKED)
    assert len(employee_queries.agreed(row.employer_id)) == len(employers.AGREED)


def test_loaded_again_nothing_changes(loaded: None) -> None:
    before = (Registration.objects.count(), Employee.objects.count())
    employers.load()
    assert (Registration.objects.count(), Employee.objects.count()) == before
