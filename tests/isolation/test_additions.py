"""What an institution adds of people goes by functions that run as the owner; each refuses what is not its own."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from kernel import crypto, tenancy
from kernel.db import roles
from kernel.fields import Sealed, uuid7
from kernel.idnumbers import make_resident_id
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.models.claims import ActiveEnrolment
from shared.identity.models.consents import Consent
from shared.identity.models.people import Person
from shared.identity.operations import additions
from shared.institutions.models import Institution
from support.clients import NOW
from support.tampering import refused

NEW = (Person, Account, EmailAddress, Consent, RoleGrant)
DAY = timedelta(days=1)


def _person(serial: int) -> Person:
    number = make_resident_id("360102", date(1990, 3, 7), serial)
    facts = {"name": "演示甲", "id_type": "resident", "made_at": NOW, "sex": "male", "born": date(1990, 3, 7)}
    return Person(id_number=Sealed.of(number, "id"), id_blind=crypto.blind(number), **facts)


def _account(person: Person | None = None, **facts: Any) -> Account:
    account = Account(name="演示甲", made_at=NOW, person=person, **facts)
    account.set_unusable_password()
    return account


def _consent(account: Account, **facts: Any) -> Consent:
    given = {"kind": "health", "version": "2026-01", "given_at": NOW, "given_by": uuid7(), "channel": "counter"}
    return Consent(account=account, **(given | facts))


def _counts() -> list[int]:
    return [model.objects.count() for model in NEW]  # type: ignore[attr-defined]  # they are models


def _refused(act: Callable[[], Any]) -> bool:
    """Say whether the database refuses an act for want of a right, and that nothing is there that was not."""
    before = _counts()
    try:
        with transaction.atomic():
            act()
    except ProgrammingError as fault:
        return isinstance(fault.__cause__, InsufficientPrivilege) and _counts() == before
    return False


@pytest.fixture
def known(alpha: Any) -> Account:
    """Somebody who is there and not enrolled anywhere; the first institution is open."""
    with tenancy.as_owner():
        person = _person(1)
        person.save(force_insert=True)
        account = _account(person)
        account.save(force_insert=True)
    return account


def _enrol(account: Account, institution_id: Any) -> None:
    with tenancy.as_owner():
        ActiveEnrolment.objects.create(
            person_id=account.person_id,
            position="SGY-TJ",
            institution_id=institution_id,
            enrolment_id=uuid7(),
            claimed_at=NOW,
        )


def _principal(institution: Any, **facts: Any) -> Account:
    with tenancy.as_owner():
        account = _account()
        account.save(force_insert=True)
        granted = {"role": "principal", "scope": str(institution.organisation_id), "granted_at": NOW} | facts
        RoleGrant.objects.create(account=account, **granted)
    return account


def test_an_institution_adds_people_with_account_and_consents_many_at_once(alpha: Any) -> None:
    people = [_person(n) for n in range(1, 4)]
    accounts = [_account(person) for person in people]
    elsewhere = [_consent(account, given_in="t_beta") for account in accounts]
    additions.add_people(people=people, accounts=accounts, consents=elsewhere)
    found = Consent.objects.order_by("account__person__id_blind").values_list("account__person_id", "given_in")
    expected = [(p.pk, "t_alpha") for p in sorted(people, key=lambda p: bytes(p.id_blind))]
    assert list(found) == expected, "where it was given is the institution whose role acts"
    assert Person.objects.get(pk=people[0].pk).id_number == people[0].id_number


def test_an_institution_invites_by_an_address_that_nobody_has_proven(alpha: Any) -> None:
    account = _account(email="a@example.com")
    email = EmailAddress(user=account, email="a@example.com", primary=True, verified=False)
    additions.add_people(accounts=[account], addresses=[email])
    assert list(EmailAddress.objects.values_list("user_id", "verified")) == [(account.pk, False)]


def test_the_platform_adds_a_proven_account_with_a_password(public_db: None) -> None:
    account = _account(mobile=Sealed.of("13800000001", "mobile"), mobile_blind=crypto.blind("13800000001"))
    account.mobile_verified_at = NOW
    account.set_password("correct-horse-9")
    additions.add_people(accounts=[account])
    row = Account.objects.get()
    assert (row.check_password("correct-horse-9"), row.mobile_verified_at) == (True, NOW)


def test_an_institution_makes_no_account_that_it_could_come_in_by(alpha: Any) -> None:
    with_password = _account()
    with_password.set_password("correct-horse-9")
    proven = _account(mobile=Sealed.of("13800000001", "mobile"), mobile_blind=crypto.blind("13800000001"))
    proven.mobile_verified_at = NOW
    account = _account(email="a@example.com")
    email = EmailAddress(user=account, email="a@example.com", primary=True, verified=True)
    assert _refused(lambda: additions.add_people(accounts=[with_password]))
    assert _refused(lambda: additions.add_people(accounts=[proven]))
    assert _refused(lambda: additions.add_people(accounts=[account], addresses=[email]))


def test_an_institution_makes_no_account_of_somebody_who_is_there_and_no_person_without_one(known: Account) -> None:
    assert _refused(lambda: additions.add_people(accounts=[_account(known.person)]))
    assert _refused(lambda: additions.add_people(people=[_person(2)]))
    other = _person(3)
    assert _refused(lambda: additions.add_people(people=[_person(2)], accounts=[_account(other)]))


def test_an_institution_adds_no_address_and_no_consent_to_an_account_that_is_there(known: Account) -> None:
    email = EmailAddress(user=known, email="a@example.com", primary=True, verified=False)
    person = _person(2)
    account = _account(person)
    new = {"people": [person], "accounts": [account]}
    assert _refused(lambda: additions.add_people(addresses=[email]))
    assert _refused(lambda: additions.add_people(**new, consents=[_consent(known)]))
    assert _refused(lambda: additions.add_people(**new, consents=[_consent(account, given_by=account.pk)]))
    assert _refused(lambda: additions.add_people(**new, consents=[_consent(account, given_by=None)]))
    assert _refused(lambda: additions.add_people(**new, consents=[_consent(account, channel="online")]))
    additions.add_people(**new, consents=[_consent(account)])


def test_a_consent_at_the_counter_is_of_somebody_enrolled_there(known: Account, beta: Any) -> None:
    assert _refused(lambda: additions.add_consents([_consent(known)]))
    _enrol(known, beta.pk)
    assert _refused(lambda: additions.add_consents([_consent(known)]))
    with tenancy.open_institution(beta):
        (added,) = additions.add_consents([_consent(known, given_in="t_alpha")])
        assert Consent.objects.get().pk == added.pk
        assert Consent.objects.get().given_in == "t_beta"
        assert additions.add_consents([_consent(known)]) == []


@pytest.mark.parametrize("facts", [{"channel": "online"}, {"given_by": None}, {"given_by": "itself"}])
def test_an_institution_does_not_say_that_somebody_agreed_alone(
    known: Account, alpha: Any, facts: dict[str, Any]
) -> None:
    _enrol(known, alpha.pk)
    given = {name: known.pk if value == "itself" else value for name, value in facts.items()}
    assert _refused(lambda: additions.add_consents([_consent(known, **given)]))
    with tenancy.as_owner():
        Account.objects.filter(pk=known.pk).update(closed_at=NOW)
    assert _refused(lambda: additions.add_consents([_consent(known)]))


def _role(account: Account, by: Account | None, institution: Any, **facts: Any) -> RoleGrant:
    given = {"role": "teacher", "scope": str(institution.organisation_id), "granted_at": NOW} | facts
    return RoleGrant(account=account, granted_by=by.pk if by else None, **given)


def test_an_institution_gives_roles_of_its_own_staff_on_its_principals_word(
    known: Account, alpha: Any, beta: Any
) -> None:
    principal, of_beta = _principal(alpha), _principal(beta)
    for wrong in (
        _role(known, principal, beta),
        _role(known, of_beta, beta),
        _role(known, of_beta, alpha),
        _role(known, None, alpha),
        _role(known, known, alpha),
        _role(known, principal, alpha, role="employer_clerk"),
        _role(known, principal, alpha, role="city_officer", scope="360100"),
        _role(known, principal, alpha, role="platform_operator", scope=""),
    ):
        assert _refused(lambda wrong=wrong: additions.add_roles([wrong])), wrong.role
    additions.add_roles([_role(known, principal, alpha)])
    assert list(RoleGrant.objects.filter(account=known).values_list("role", "ended_at")) == [("teacher", None)]


def test_a_role_is_not_backdated(known: Account, alpha: Any) -> None:
    principal = _principal(alpha)
    assert _refused(lambda: additions.add_roles([_role(known, principal, alpha, granted_at=NOW - DAY)]))
    with tenancy.as_owner():
        _role(known, principal, alpha, ended_at=NOW + 2 * DAY).save(force_insert=True)
    assert _refused(lambda: additions.add_roles([_role(known, principal, alpha, granted_at=NOW + DAY)]))
    additions.add_roles([_role(known, principal, alpha, granted_at=NOW + 2 * DAY)])
    gone = _principal(alpha, ended_at=NOW)
    assert _refused(lambda: additions.add_roles([_role(known, gone, alpha, role="cashier")]))


def test_an_institution_that_has_retired_adds_nobody(known: Account, alpha: Any) -> None:
    with tenancy.as_owner():
        Institution.objects.filter(pk=alpha.pk).update(lifecycle="retired", lifecycle_since=NOW, retired_at=NOW)
    person = _person(2)
    assert _refused(lambda: additions.add_people(people=[person], accounts=[_account(person)]))


def test_nobody_who_is_no_institution_adds_anything(public_db: None) -> None:
    stray = sql.Identifier(f"{roles.prefix()}#stray")
    grant = sql.SQL("CREATE ROLE {0} NOLOGIN; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {0}").format(stray)
    with tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(grant.as_string(connection.connection))
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(stray).as_string(connection.connection))
        with pytest.raises(ProgrammingError, match="no institution at work"), transaction.atomic():
            cursor.execute("SELECT public.identity_add_people('[]', '[]', '[]', '[]')")
        transaction.set_rollback(True)


def test_a_consent_and_an_account_that_was_used_are_never_deleted(known: Account) -> None:
    with tenancy.as_owner():
        _consent(known).save(force_insert=True)
        never_used = _account()
        never_used.save(force_insert=True)
        _consent(never_used).save(force_insert=True)
    before = _counts()
    for statement in (
        f"DELETE FROM public.identity_consent WHERE account_id = '{known.pk}'",
        f"DELETE FROM public.identity_account WHERE id = '{known.pk}'",
    ):
        assert refused(statement, role=roles.platform_role())
        assert refused(statement)
    assert _counts() == before
    with tenancy.open_public():
        Consent.objects.filter(account=never_used).delete()
        Account.objects.filter(pk=never_used.pk).delete()
    assert not Account.objects.filter(pk=never_used.pk).exists()
