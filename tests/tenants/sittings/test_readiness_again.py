"""Readiness is asked again at filing, at check-in and at settling; who is not ready any more gives the place back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kernel import audit, tenancy
from kernel.errors import NotFound
from kernel.fields import uuid7
from kernel.money import Money
from shared.certificates.models import Certificate
from shared.filings.models import FiledSitting
from shared.identity.models.claims import SeatLease
from support import tampering
from support.sittings import World, staff
from tenants.attempts.models.attempts import Attempt, IdCheck, Score
from tenants.attempts.operations import attempts, conduct
from tenants.billing.models import Order, Payment
from tenants.billing.operations import orders, refunds
from tenants.courses.models import Participant
from tenants.courses.operations import hours
from tenants.proctoring import queries as room_queries
from tenants.rosters.models import Enrolment
from tenants.sittings.models.live import SittingEvent
from tenants.sittings.models.sittings import Candidacy
from tenants.sittings.operations import candidates, sittings
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.queries import todos as sitting_todos


def _withdraw(world: World, n: int = 0) -> None:
    orders.withdraw(enrolment_id=world.enrolments[n].pk, why="本人退学", by=world.registrar, at=world.at)


def _take_hours_away(world: World, n: int = 0) -> None:
    seat = Participant.objects.get(enrolment_id=world.enrolments[n].pk)
    principal = staff("校长", "principal", str(world.institution.organisation_id), world.at)
    call: dict[str, Any] = {"why": "签到表核对有误", "at": world.at}
    row = hours.propose_correction(participant_id=seat.pk, day=world.at.date(), seconds=-60, by=world.registrar, **call)
    hours.decide_correction(correction_id=row.pk, approve=True, by=principal, **call)


def _refund_in_full(world: World, n: int = 0) -> None:
    """Pay the whole fee back, as the desk does."""
    row = world.enrolments[n]
    order = Order.objects.create(
        number=row.number, enrolment_id=row.pk, person_id=row.person_id, payer=row.person_name, placed_at=world.at,
        placed_by=uuid7(), policy=row.policy, state="paid", state_since=world.at,
    )  # fmt: skip
    with tampering.past_triggers():
        payment = Payment.objects.create(
            order=order, method="cash", amount=Money(88_000), receipt_year=2026, receipt_n=n + 1, received_at=world.at
        )
    cashier = staff("出纳", "cashier", str(world.institution.organisation_id), world.at)
    refunds.refund(payment_id=payment.pk, amount=Money(88_000), why="本人退学，全额退款", by=cashier, at=world.at)


LOST: dict[str, Callable[..., None]] = {
    "withdrawn": _withdraw,
    "refunded in full": _refund_in_full,
    "hours corrected away": _take_hours_away,
}


def _past_the_hooks(world: World, n: int = 0) -> None:
    """Make an enrolment unready as if nobody had heard of it: the questions themselves must hold."""
    with tenancy.as_owner():
        Enrolment.objects.filter(pk=world.enrolments[n].pk).update(state="withdrawn")


@pytest.mark.parametrize("how", LOST)
def test_who_is_not_ready_any_more_is_off_the_list_of_a_sitting_that_is_not_filed(world: World, how: str) -> None:
    sitting = world.schedule()
    keys = [row.pk for row in world.enrolments]
    candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=world.registrar, at=world.at)
    LOST[how](world)
    assert {row.enrolment_id for row in Candidacy.objects.all()} == set(keys[1:])
    assert audit.history(sitting)[-1].verb == "candidacy.remove"


def test_a_sitting_with_somebody_who_is_not_ready_any_more_is_not_filed(world: World) -> None:
    sitting = world.schedule()
    keys = [row.pk for row in world.enrolments]
    candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=world.registrar, at=world.at)
    _past_the_hooks(world)
    with pytest.raises(candidates.CandidatesNotReady) as refused:
        sittings.file_sitting(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    sitting.refresh_from_db()
    assert (sitting.state, FiledSitting.objects.count()) == ("draft", 0)
    assert world.people[0].name in str(refused.value)


@pytest.mark.parametrize("how", LOST)
def test_after_filing_the_place_is_free_and_everybody_sees_it(
    world: World, how: str, acting: Callable[..., Any]
) -> None:
    sitting = world.filed(world.enrolments)
    assert FiledSitting.objects.get(pk=sitting.pk).candidates == 3
    LOST[how](world)
    row = world.candidacy_of(sitting, 0)
    assert (row.left_at, bool(row.left_why)) == (world.at, True)
    assert FiledSitting.objects.get(pk=sitting.pk).candidates == 2
    assert len(sitting_queries.candidacies(sitting.pk)) == 2
    assert list(sitting_todos.for_trainee(world.trainee(0), world.at)) == []
    for who, path in (
        (world.proctor, f"/staff/sittings/{sitting.pk}/"),
        (world.proctor, f"/staff/sittings/{sitting.pk}/attendance/"),
        (world.trainee(0), f"/my/tests/{row.pk}/ticket/"),
    ):
        assert row.left_why in acting(who).get(path).content.decode(), path
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    assert Attempt.objects.count() == 2
    with pytest.raises(NotFound):
        conduct.check_in(candidacy_id=row.pk, by=world.proctor, at=sitting.starts_at)


@pytest.mark.parametrize("checked_in", [False, True])
def test_on_the_day_the_seat_is_given_back_and_the_console_shows_it(world: World, checked_in: bool) -> None:
    sitting = world.running(world.enrolments, checked_in=checked_in)
    before = SittingEvent.objects.filter(sitting=sitting).count()
    _withdraw(world)
    attempt = world.attempt_of(sitting, 0)
    assert (attempt.state, bool(attempt.notice)) == ("absent", True)
    assert not SeatLease.objects.filter(attempt_id=attempt.pk).exists()
    assert world.candidacy_of(sitting, 0).left_at == world.at
    news = room_queries.news(sitting.pk, world.proctor, after=before, at=world.at)
    assert news is not None
    assert [event["kind"] for event in news["events"]] == ["left"]
    assert [(seat["name"], seat["state"], seat["moves"]) for seat in news["seats"]] == [
        (world.people[0].name, "absent", [])
    ]
    facts = room_queries.facts(sitting_queries.sitting_value(sitting.pk, world.registrar))
    assert (facts["expected"], len(facts["taken_off"])) == (2, 1)


def test_who_was_ready_at_the_filing_and_is_not_any_more_is_not_checked_in(world: World) -> None:
    sitting = world.filed(world.enrolments)
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    _past_the_hooks(world)
    with pytest.raises(conduct.CandidateNotReady) as refused:
        conduct.check_in(candidacy_id=world.candidacy_of(sitting, 0).pk, by=world.proctor, at=sitting.starts_at)
    assert world.people[0].name in str(refused.value)
    assert (world.attempt_of(sitting, 0).state, IdCheck.objects.count(), SeatLease.objects.count()) == (
        "prepared",
        0,
        0,
    )


def _passed(world: World) -> Any:
    """Return a sitting whose minutes are signed, in which the first person passed and nobody else came."""
    sitting = world.running(world.enrolments, checked_in=True)
    world.start(sitting, 0)
    attempt = world.attempt_of(sitting, 0)
    epoch = attempt.lease_epoch
    attempts.finish_attempt(
        attempt_id=attempt.pk, epoch=epoch, last_seq=0, by=world.trainee(0), at=sitting.starts_at + timedelta(minutes=1)
    )
    with tampering.past_triggers():
        Score.objects.create(
            attempt=attempt, run=2, points=80, full_mark=100, pass_mark=60, passed=True, sections=[],
            policy=sitting.policy, made_at=world.at,
        )  # fmt: skip
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.ends_at)
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=sitting.ends_at)
    return sitting


@pytest.mark.parametrize("how", LOST)
def test_no_certificate_is_asked_for_who_is_not_ready_any_more_when_the_results_are_confirmed(
    world: World, how: str, acting: Callable[..., Any]
) -> None:
    sitting = _passed(world)
    LOST[how](world)
    page = acting(world.registrar).get(f"/staff/sittings/{sitting.pk}/").content.decode()
    assert "nx-tone-bad" in page
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=sitting.ends_at)
    attempt = world.attempt_of(sitting, 0)
    assert (attempt.state, Certificate.objects.count()) == ("confirmed", 0)
    assert audit.history(attempt)[-1].verb == "attempt.no-certificate"
    assert world.candidacy_of(sitting, 0).left_at is None  # the test was sat: it stays in the record


def test_who_is_still_ready_gets_the_certificate(world: World) -> None:
    sitting = _passed(world)
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=sitting.ends_at)
    assert Certificate.objects.count() == 1
