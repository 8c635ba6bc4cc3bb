"""One enrolment per position, one place of study, one seat: races decided by the database, on real connections."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kernel import idnumbers
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.fields import uuid7
from shared.identity.models.claims import ActiveEnrolment, LearningLease, SeatLease
from shared.identity.models.people import Person
from shared.identity.operations import accounts, claims, people
from support.committed import committing
from support.races import race


def _person(serial: int, at: datetime) -> UUID:
    account = accounts.register_account(identifier=f"138100000{serial:02d}", password="x", name="某某", at=at)
    return people.complete_person(
        account_id=account.id,
        name="某某",
        id_type="resident",
        id_number=idnumbers.make_resident_id("360102", date(1991, 1, 1), serial),
        mobile=f"138100000{serial:02d}",
        by=SYSTEM,
        at=at,
    )


@pytest.fixture
def person_id(public_db: None, at: datetime) -> UUID:
    """A person."""
    return _person(1, at)


def _claim(person_id: UUID, enrolment_id: UUID, at: datetime, position: str = "sgy-tj") -> None:
    claims.claim_position(
        person_id=person_id,
        position=position,
        institution_id=uuid7(),
        enrolment_id=enrolment_id,
        by=SYSTEM,
        at=at,
    )


def test_a_second_enrolment_for_a_position_is_refused_but_not_another_position(person_id: UUID, at: datetime) -> None:
    first = uuid7()
    _claim(person_id, first, at)
    with pytest.raises(claims.AlreadyEnrolled):
        _claim(person_id, uuid7(), at)
    _claim(person_id, uuid7(), at, "zly-tj")
    assert ActiveEnrolment.objects.count() == 2


def test_claiming_again_for_the_same_enrolment_is_harmless(person_id: UUID, at: datetime) -> None:
    enrolment_id = uuid7()
    _claim(person_id, enrolment_id, at)
    _claim(person_id, enrolment_id, at)
    assert ActiveEnrolment.objects.count() == 1


def test_a_released_position_can_be_claimed_again_and_its_history_stays(person_id: UUID, at: datetime) -> None:
    first, second = uuid7(), uuid7()
    _claim(person_id, first, at)
    claims.release_position(enrolment_id=first, by=SYSTEM, at=at)
    claims.release_position(enrolment_id=first, by=SYSTEM, at=at)
    _claim(person_id, second, at)
    held = ActiveEnrolment.objects.filter(released_at=None)
    assert ([row.enrolment_id for row in held], ActiveEnrolment.objects.count()) == ([second], 2)


def test_an_unknown_person_claims_nothing(public_db: None, at: datetime) -> None:
    with pytest.raises(NotFound):
        _claim(uuid7(), uuid7(), at)


def test_studying_goes_on_only_where_it_was_taken_last(person_id: UUID, at: datetime) -> None:
    claims.acquire_learning_lease(person_id=person_id, institution_id=uuid7(), token="a", at=at)
    claims.hold_learning_lease(person_id=person_id, token="a")
    claims.acquire_learning_lease(person_id=person_id, institution_id=uuid7(), token="b", at=at)
    with pytest.raises(claims.StudyElsewhere):
        claims.hold_learning_lease(person_id=person_id, token="a")
    claims.release_learning_lease(person_id=person_id, token="a")
    claims.hold_learning_lease(person_id=person_id, token="b")
    claims.release_learning_lease(person_id=person_id, token="b")
    assert LearningLease.objects.count() == 0


def test_one_sits_in_one_test_at_a_time(person_id: UUID, at: datetime) -> None:
    first, second = uuid7(), uuid7()
    seat = {"person_id": person_id, "institution_id": uuid7(), "at": at}
    claims.take_seat(attempt_id=first, **seat)
    claims.take_seat(attempt_id=first, **seat)
    with pytest.raises(claims.SeatElsewhere):
        claims.take_seat(attempt_id=second, **seat)
    claims.leave_seat(person_id=person_id, attempt_id=second)
    assert SeatLease.objects.get().attempt_id == first
    claims.leave_seat(person_id=person_id, attempt_id=first)
    claims.take_seat(attempt_id=second, **seat)
    assert SeatLease.objects.get().attempt_id == second


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, at: datetime) -> Iterator[Callable[[], UUID]]:
    """Make people whose rows other connections can see; they are removed afterwards."""
    serial = count(50)
    with committing(django_db_blocker):
        yield lambda: _person(next(serial), at)


def test_of_two_enrolments_at_the_same_moment_one_is_refused(committed: Callable[[], UUID], at: datetime) -> None:
    for _ in range(5):
        person_id = committed()
        went = race(*(lambda p=person_id: _claim(p, uuid7(), at) for _ in range(2)))  # type: ignore[misc]  # a default binds the loop's value
        assert went == ["already-enrolled", "done"]
        assert ActiveEnrolment.objects.filter(person_id=person_id, released_at=None).count() == 1


def test_of_two_seats_at_the_same_moment_one_is_refused(committed: Callable[[], UUID], at: datetime) -> None:
    for _ in range(5):
        person_id = committed()

        def sit(whose: UUID = person_id) -> None:
            claims.take_seat(person_id=whose, institution_id=uuid7(), attempt_id=uuid7(), at=at)

        assert race(sit, sit) == ["done", "seat-elsewhere"]
        assert SeatLease.objects.filter(person_id=person_id).count() == 1


def test_of_two_windows_at_the_same_moment_one_studies(committed: Callable[[], UUID], at: datetime) -> None:
    for _ in range(5):
        person_id = committed()

        def study(token: str, whose: UUID = person_id) -> None:
            claims.acquire_learning_lease(person_id=whose, institution_id=uuid7(), token=token, at=at)

        assert race(lambda: study("a"), lambda: study("b")) == ["done", "done"]
        holder = LearningLease.objects.get(person_id=person_id).token
        loser = "b" if holder == "a" else "a"
        claims.hold_learning_lease(person_id=person_id, token=holder)
        with pytest.raises(claims.StudyElsewhere):
            claims.hold_learning_lease(person_id=person_id, token=loser)


def test_of_two_accounts_with_one_document_at_the_same_moment_one_is_refused(
    committed: Callable[[], UUID], at: datetime
) -> None:
    number = idnumbers.make_resident_id("360102", date(1992, 2, 2), 77)
    account_ids = [
        accounts.register_account(identifier=f"1382000000{n}", password="x", name="某某", at=at).id for n in range(2)
    ]

    def tell(account_id: UUID) -> None:
        people.complete_person(
            account_id=account_id,
            name="某某",
            id_type="resident",
            id_number=number,
            mobile="13820000000",
            by=SYSTEM,
            at=at,
        )

    assert race(lambda: tell(account_ids[0]), lambda: tell(account_ids[1])) == ["done", "id-number-taken"]
    assert Person.objects.filter(mobile_blind__isnull=False, account__in=account_ids).count() == 1
