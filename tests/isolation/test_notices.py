"""An institution tells its own people and staff something, and whoever looks after them of its incidents; no more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from kernel import tenancy
from kernel.fields import Sealed, uuid7
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.models.claims import ActiveEnrolment
from shared.identity.models.people import Person
from shared.notices.models import Notice
from shared.privacy.models.breaches import Breach
from shared.privacy.models.rights import Correction
from support.clients import NOW

Somebody = Callable[..., Account]


@pytest.fixture
def somebody() -> Somebody:
    """Make an account as the login; with `person` one of a person."""

    def make(*, person: bool = False) -> Account:
        with tenancy.open_public(), tenancy.as_owner():
            row = None
            if person:
                facts = {"id_number": Sealed.of(uuid7().hex, "id"), "id_blind": uuid7().bytes * 2}
                row = Person.objects.create(name="演示甲", id_type="resident", made_at=NOW, **facts)
            return Account.objects.create(
                name="演示甲", email=f"{uuid7().hex}@example.invalid", person=row, made_at=NOW
            )

    return make


def _enrol(account: Account, institution: Any, **facts: Any) -> None:
    with tenancy.open_public(), tenancy.as_owner():
        ActiveEnrolment.objects.create(
            person_id=account.person_id, position="SGY-TJ", institution_id=institution.pk, enrolment_id=uuid7(),
            claimed_at=NOW, **facts,
        )  # fmt: skip


def _grant(account: Account, role: str, scope: str, **facts: Any) -> None:
    with tenancy.open_public(), tenancy.as_owner():
        RoleGrant.objects.create(account=account, role=role, scope=scope, granted_at=NOW, **facts)


def _correction(account: Account, institution: Any) -> Correction:
    return Correction(
        number=uuid7().hex[-12:], account_id=account.pk, institution_id=institution.pk, field="other", asked_at=NOW,
        wanted=Sealed.of("演示", "text"), due_on=NOW.date(), state="asked", state_since=NOW,
    )  # fmt: skip


def _breach(institution: Any) -> Breach:
    row = Breach(
        number=uuid7().hex[-12:], institution_id=institution.pk, title="演示", words="演示", noticed_at=NOW,
        reported_at=NOW, authority_due_at=NOW, people_due_at=NOW, state="reported", state_since=NOW,
    )  # fmt: skip
    with tenancy.open_public(), tenancy.as_owner():
        row.save(force_insert=True)
    return row


def _tells(here: Any, account: Account, template: str = "identity.granted", key: str = "") -> bool:
    """Say whether the database lets an institution tell an account something; nothing of it stays."""
    try:
        with tenancy.open_institution(here), transaction.atomic():
            Notice.objects.create(account_id=account.pk, template=template, key=key, made_at=NOW)
            transaction.set_rollback(True)
    except ProgrammingError as fault:
        return not isinstance(fault.__cause__, InsufficientPrivilege)
    return True


def test_who_learns_or_learned_here_is_told_something_and_nobody_elses_trainee(
    institutions: tuple[Any, Any], somebody: Somebody
) -> None:
    here, elsewhere = institutions
    ours, former, theirs, nobodys = (somebody(person=True) for _n in range(4))
    _enrol(ours, here)
    _enrol(former, here, released_at=NOW)
    _enrol(theirs, elsewhere)
    assert [_tells(here, one) for one in (ours, former, theirs, nobodys)] == [True, True, False, False]


def test_who_works_here_is_told_something_and_nobody_elses_staff(
    institutions: tuple[Any, Any], somebody: Somebody
) -> None:
    here, elsewhere = institutions
    ours, theirs, officer, plain = (somebody() for _n in range(4))
    _grant(ours, "registrar", str(here.organisation_id))
    _grant(theirs, "registrar", str(elsewhere.organisation_id))
    _grant(officer, "province_officer", "360000")
    assert [_tells(here, one) for one in (ours, theirs, officer, plain)] == [True, False, False, False]


def test_who_asked_its_desk_for_a_correction_is_told_and_an_institution_makes_up_no_request(
    institutions: tuple[Any, Any], somebody: Somebody
) -> None:
    here, elsewhere = institutions
    ours, theirs = somebody(), somebody()
    with tenancy.open_public():
        _correction(ours, here).save(force_insert=True)
        _correction(theirs, elsewhere).save(force_insert=True)
    assert [_tells(here, one) for one in (ours, theirs)] == [True, False]
    with tenancy.open_institution(here), pytest.raises(ProgrammingError), transaction.atomic():
        _correction(theirs, here).save(force_insert=True)


def test_who_looks_after_incidents_is_told_of_an_institutions_own_and_nothing_else(
    institutions: tuple[Any, Any], somebody: Somebody
) -> None:
    here, elsewhere = institutions
    operator, former, plain = (somebody() for _n in range(3))
    _grant(operator, "platform_operator", "")
    _grant(former, "platform_operator", "", ended_at=NOW)
    own, other = (f"breach:{_breach(one).pk}" for one in (here, elsewhere))
    told = [
        _tells(here, account, template, key)
        for account, template, key in (
            (operator, "privacy.breach", own),
            (operator, "privacy.breach", other),
            (operator, "privacy.breach", ""),
            (operator, "identity.granted", own),
            (former, "privacy.breach", own),
            (plain, "privacy.breach", own),
        )
    ]
    assert told == [True, False, False, False, False, False]
