"""There is one at a time: of a person's tests, of a room's and a proctor's hours. The database decides."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.fields import uuid7
from support import committed
from support.races import race
from support.sittings import World, staff
from tenants.attempts.models.attempts import Attempt, Score
from tenants.attempts.operations import conduct
from tenants.sittings.models.sittings import Candidacy, Duty, Sitting
from tenants.sittings.operations import candidates, sittings

HOUR = timedelta(hours=1)


@pytest.fixture
def db() -> None:
    """Open no transaction: other connections must see what is done."""


@pytest.fixture
def world(live: Callable[..., World]) -> Iterator[World]:
    made = live("alpha", people=3)
    with tenancy.open_institution(committed.institution()):
        yield made


def _add(world: World, sitting: Sitting) -> Callable[[], object]:
    keys = [row.pk for row in world.enrolments]
    return lambda: candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=world.registrar, at=world.at)


def _insert(world: World, sitting: Sitting, n: int = 0) -> Candidacy:
    """Write a candidacy as the login, past every check of ours."""
    person = world.people[n]
    with tenancy.as_owner(), transaction.atomic():
        return Candidacy.objects.create(
            sitting=sitting,
            enrolment_id=world.enrolments[n].pk,
            person_id=person.pk,
            name=person.name,
            ticket_no=f"{sitting.number}-{n}",
            added_at=world.at,
        )


def test_the_same_people_added_to_two_sittings_at_once_are_candidates_of_one(world: World) -> None:
    one, other = world.schedule(), world.schedule(starts_at=world.starts_at + timedelta(days=1))
    went = race(_add(world, one), _add(world, other), institution=world.institution)
    assert went == ["already-candidate", "done"]
    assert Candidacy.objects.count() == len(world.enrolments)
    assert Candidacy.objects.values("sitting_id").distinct().count() == 1


def test_the_database_refuses_a_second_open_test(world: World) -> None:
    _insert(world, world.schedule())
    other = world.schedule(starts_at=world.starts_at + timedelta(days=1))
    with pytest.raises(IntegrityError, match="already"):
        _insert(world, other)
    assert Candidacy.objects.count() == 1


def test_the_database_refuses_another_test_after_one_that_was_passed(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    _pass(world, sitting)
    with pytest.raises(IntegrityError, match="already"):
        _insert(world, world.schedule(starts_at=world.starts_at + timedelta(days=9)))
    assert Candidacy.objects.count() == 1


def _pass(world: World, sitting: Sitting) -> None:
    with tenancy.as_owner():
        attempt = world.attempt_of(sitting)
        end = sitting.starts_at + HOUR
        ended = {"finished_at": end, "finished_by": "candidate", "last_seq": 0, "state_since": end}
        Attempt.objects.filter(pk=attempt.pk).update(state="finished", **ended)
        Score.objects.create(
            attempt=attempt,
            points=Decimal(80),
            full_mark=100,
            pass_mark=60,
            passed=True,
            sections=[],
            policy=sitting.policy,
            made_at=end,
        )
        Attempt.objects.filter(pk=attempt.pk).update(state="scored")


def test_who_lost_a_place_by_a_cancelled_sitting_is_added_again(world: World) -> None:
    sitting = world.filed(world.enrolments)
    conduct.cancel_sitting(sitting_id=sitting.pk, why="停电，无法测试", by=world.registrar, at=world.at)
    other = world.schedule()
    _add(world, other)()
    assert Candidacy.objects.filter(sitting=other).count() == len(world.enrolments)


def test_a_person_is_a_candidate_of_one_sitting_at_an_hour(world: World) -> None:
    _insert(world, world.schedule())
    other = _elsewhere(world, starts_at=world.starts_at + HOUR)
    with tenancy.as_owner():
        Sitting.objects.filter(pk=other.pk).update(position="SGY-ZS")
    with pytest.raises(IntegrityError, match="at that time"):
        _insert_as_other(world, other)
    assert Candidacy.objects.count() == 1


def _insert_as_other(world: World, sitting: Sitting) -> None:
    person = world.people[0]
    with tenancy.as_owner(), transaction.atomic():
        Candidacy.objects.create(
            sitting=sitting,
            enrolment_id=uuid7(),
            person_id=person.pk,
            name=person.name,
            ticket_no="x",
            added_at=world.at,
        )


def _elsewhere(world: World, **changed: Any) -> Sitting:
    """Plan a sitting in another room, watched by others."""
    scope = str(world.institution.organisation_id)
    room = sittings.add_room(name="第二考场", place="教学楼四层", seats=30, by=world.registrar, at=world.at)
    others = {
        "room_id": room.pk,
        "chief_id": staff("另一主考", "chief_proctor", scope, world.at).account_id,
        "proctor_ids": [staff("另一监考", "proctor", scope, world.at).account_id],
    }
    return world.schedule(**others | changed)


def test_a_room_has_one_sitting_at_an_hour_and_the_next_may_follow(world: World) -> None:
    sitting = world.schedule()
    again = Sitting.objects.get(pk=sitting.pk)
    again.pk, again.number, again._state.adding = None, "X", True
    again.starts_at = sitting.ends_at - HOUR
    again.ends_at = sitting.ends_at + HOUR
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="sittings_room_free"), transaction.atomic():
        Sitting.objects.bulk_create([again])
    with tenancy.as_owner(), transaction.atomic():
        again.starts_at = sitting.ends_at
        Sitting.objects.bulk_create([again])
    assert Sitting.objects.count() == 2


def test_nobody_watches_over_two_sittings_at_an_hour(world: World) -> None:
    world.schedule()
    other = _elsewhere(world)
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="at that time"), transaction.atomic():
        Duty.objects.create(sitting=other, account_id=world.proctor.account_id, name="监考员", role="proctor")
    assert Duty.objects.filter(account_id=world.proctor.account_id).count() == 1
