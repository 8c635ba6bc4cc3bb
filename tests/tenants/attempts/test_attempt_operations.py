"""One candidate's test: the lease, the clock, the hand-in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel import audit, clock, later, tenancy
from kernel.errors import Invalid
from kernel.fields import uuid7
from kernel.models import Outbox
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.identity.models.claims import SeatLease
from support import tampering
from support.sittings import World, staff
from tenants.attempts.methods import timing as timing_methods
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt, Score, TimeGrant
from tenants.attempts.operations import attempts, conduct, interventions
from tenants.attempts.queries import attempts as attempt_queries
from tenants.attempts.queries import room
from tenants.sittings.models.live import SittingEvent
from tenants.sittings.operations import duties
from tenants.sittings.queries import events as event_queries

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def deadline(attempt: Attempt, now: Any) -> Any:
    return timing_methods.deadline(attempt_queries.timing(attempt), now)


def answer(attempt: Attempt, seq: int, question: str, choice: str) -> None:
    moment = attempt.started_at
    row = AnswerLog(
        attempt_id=attempt.pk, seq=seq, epoch=1, question=question, choice=choice, client_at=moment, server_at=moment
    )
    with tenancy.as_owner():  # answers are the gateway's to add
        row.save(force_insert=True)


def test_every_opened_page_fences_off_the_one_before(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    assert [world.lease(sitting), world.lease(sitting)] == [1, 2]
    attempt = world.attempt_of(sitting)
    with pytest.raises(attempts.LeaseSuperseded):
        attempts.start_attempt(attempt_id=attempt.pk, epoch=1, by=world.trainee(0), at=sitting.starts_at)
    assert world.attempt_of(sitting).started_at is None


def test_before_the_start_any_device_of_the_person_takes_the_lease(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    assert [world.lease(sitting, device="one"), world.lease(sitting, device="two")] == [1, 2]


def test_a_second_device_waits_for_the_proctor_once_the_test_has_started(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    assert world.lease(sitting, device="two") is None
    assert world.lease(sitting, device="one") == 2
    assert world.lease(sitting, device="two") is None
    candidacy = world.candidacy_of(sitting)
    interventions.resume(candidacy_id=candidacy.pk, why="换机", by=world.proctor, at=sitting.starts_at)
    attempt = world.attempt_of(sitting)
    assert (attempt.lease_epoch, attempt.lease_holder, attempt.state) == (3, "two", "started")
    assert world.lease(sitting, device="one") is None
    assert world.lease(sitting, device="two") == 4
    assert "attempt.transfer_lease" in [note.verb for note in audit.history(attempt)]


def test_asking_again_tells_the_room_only_once(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    for _n in range(3):
        world.lease(sitting, device="two")
    assert SittingEvent.objects.filter(kind="lease_wanted").count() == 1


def test_another_person_opens_nothing(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    attempt = world.attempt_of(sitting, 0)
    with pytest.raises(attempts.NotYours):
        attempts.take_lease(attempt_id=attempt.pk, person_id=world.people[1].pk, device="x", at=sitting.starts_at)
    assert world.attempt_of(sitting, 0).lease_epoch == 0


def test_nobody_starts_without_check_in_or_before_the_chief_begins(world: World) -> None:
    sitting = world.running(world.enrolments[:1], checked_in=False)
    with pytest.raises(attempts.NotStarted):
        world.start(sitting)
    other = world.filed(world.enrolments[1:2], starts_at=world.starts_at + timedelta(days=1))
    conduct.open_checkin(sitting_id=other.pk, by=world.proctor, at=other.starts_at)
    conduct.check_in(candidacy_id=world.candidacy_of(other, 1).pk, by=world.proctor, at=other.starts_at)
    with pytest.raises(attempts.NotStarted):
        world.start(other, 1)
    assert set(Attempt.objects.values_list("started_at", flat=True)) == {None}


def test_starting_twice_keeps_the_first_clock(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    attempts.start_attempt(attempt_id=attempt.pk, epoch=1, by=world.trainee(0), at=sitting.starts_at + 9 * MINUTE)
    assert world.attempt_of(sitting).started_at == sitting.starts_at


def test_the_newest_choice_counts_and_one_taken_back_is_none(world: World) -> None:
    attempt = world.start(world.running(world.enrolments[:1]))
    for seq, (question, choice) in enumerate([("1", "A"), ("2", "B"), ("1", "C"), ("2", "")], start=1):
        answer(attempt, seq, question, choice)
    assert attempt_queries.answers(attempt.pk) == {"1": "C"}


def test_handing_in_while_answers_are_under_way_is_refused_until_the_time_is_up(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    answer(attempt, 1, "1", "A")
    with pytest.raises(attempts.AnswersMissing):
        attempts.finish_attempt(
            attempt_id=attempt.pk, epoch=1, last_seq=2, by=world.trainee(0), at=sitting.starts_at + MINUTE
        )
    assert (world.attempt_of(sitting).state, Score.objects.count()) == ("started", 0)
    attempts.finish_attempt(
        attempt_id=attempt.pk, epoch=1, last_seq=2, by=world.trainee(0), at=sitting.starts_at + 121 * MINUTE
    )
    done = world.attempt_of(sitting)
    assert (done.state, done.finished_by, done.last_seq) == ("scored", "time", 1)


def test_handing_in_twice_gives_the_same_score(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    how: dict[str, Any] = {"attempt_id": attempt.pk, "last_seq": 0, "by": world.trainee(0), "at": sitting.starts_at}
    first = attempts.finish_attempt(epoch=1, **how)
    second = attempts.finish_attempt(epoch=9, **how)
    assert first.pk == second.pk
    assert (first.points, Score.objects.count(), SeatLease.objects.count()) == (Decimal(0), 1, 0)


def test_an_old_page_hands_nothing_in(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    world.lease(sitting)
    with pytest.raises(attempts.LeaseSuperseded):
        attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at)
    assert Score.objects.count() == 0


def test_a_hold_stops_the_clock_and_gives_all_of_it_back(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt, candidacy = world.start(sitting), world.candidacy_of(sitting)
    before = deadline(attempt, sitting.starts_at)
    interventions.hold(candidacy_id=candidacy.pk, why="火警", by=world.proctor, at=sitting.starts_at + 10 * MINUTE)
    held = world.attempt_of(sitting)
    assert (held.state, held.notice) == ("on_hold", "火警")
    assert deadline(held, sitting.starts_at + 30 * MINUTE) == before + 20 * MINUTE
    with pytest.raises(attempts.NotStarted):
        attempts.finish_attempt(
            attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at + 11 * MINUTE
        )
    interventions.resume(candidacy_id=candidacy.pk, by=world.proctor, at=sitting.starts_at + 35 * MINUTE)
    going = world.attempt_of(sitting)
    assert (going.state, going.notice, going.held_time) == ("started", "", 25 * MINUTE)
    assert deadline(going, sitting.starts_at + 36 * MINUTE) == before + 25 * MINUTE


def test_a_hold_needs_a_reason_and_somebody_on_duty(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    candidacy = world.candidacy_of(sitting)
    with pytest.raises(ReasonRequired):
        interventions.hold(candidacy_id=candidacy.pk, why="", by=world.proctor, at=sitting.starts_at)
    stranger = staff("别场监考", "proctor", str(world.institution.organisation_id), world.at)
    for who in (stranger, world.registrar):
        with pytest.raises(duties.NotOnDuty):
            interventions.hold(candidacy_id=candidacy.pk, why="演示", by=who, at=sitting.starts_at)
    assert world.attempt_of(sitting).state == "started"


def test_going_on_where_nothing_stands_still_is_refused(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    with pytest.raises(WrongState):
        interventions.resume(candidacy_id=world.candidacy_of(sitting).pk, by=world.proctor, at=sitting.starts_at)


def test_only_the_chief_adds_time_and_the_sum_is_kept_with_each_reason(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt, candidacy = world.start(sitting), world.candidacy_of(sitting)
    with pytest.raises(duties.NotOnDuty):
        interventions.grant_time(
            candidacy_id=candidacy.pk, minutes=5, why="演示", by=world.proctor, at=sitting.starts_at
        )
    for minutes, why in ((5, "设备故障"), (10, "噪声")):
        interventions.grant_time(
            candidacy_id=candidacy.pk, minutes=minutes, why=why, by=world.chief, at=sitting.starts_at
        )
    with pytest.raises(Invalid):
        interventions.grant_time(candidacy_id=candidacy.pk, minutes=0, why="演示", by=world.chief, at=sitting.starts_at)
    assert list(TimeGrant.objects.order_by("pk").values_list("why", flat=True)) == ["设备故障", "噪声"]
    assert deadline(world.attempt_of(sitting), sitting.starts_at) == deadline(attempt, sitting.starts_at) + 15 * MINUTE


def test_only_the_chief_ends_and_annuls(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    world.start(sitting, 0)
    world.start(sitting, 1)
    first, second = world.candidacy_of(sitting, 0), world.candidacy_of(sitting, 1)
    for act in (interventions.end_attempt, interventions.annul):
        with pytest.raises(duties.NotOnDuty):
            act(candidacy_id=first.pk, why="作弊", by=world.proctor, at=sitting.starts_at)
    interventions.end_attempt(candidacy_id=first.pk, why="身体不适", by=world.chief, at=sitting.starts_at + MINUTE)
    interventions.annul(candidacy_id=second.pk, why="替考", by=world.chief, at=sitting.starts_at + MINUTE)
    world.carry_out_endings(sitting)
    assert [world.attempt_of(sitting, n).state for n in range(2)] == ["scored", "annulled"]
    assert (Score.objects.count(), SeatLease.objects.count()) == (1, 0)
    assert audit.history(world.attempt_of(sitting, 1))[-1].why == "替考"


@pytest.mark.parametrize("act", [interventions.end_attempt, interventions.annul])
def test_the_end_and_the_annulment_of_a_test_can_be_taken_back_for_two_minutes(world: World, act: Any) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    candidacy, begin = world.candidacy_of(sitting), sitting.starts_at + MINUTE
    act(candidacy_id=candidacy.pk, why="按错了人", by=world.chief, at=begin)
    attempt = world.attempt_of(sitting)
    row = Outbox.objects.get(task="attempts.carry_out_ending")
    assert (attempt.state, row.not_before, Score.objects.count()) == ("on_hold", begin + 2 * MINUTE, 0)
    assert interventions.carry_out_ending(attempt_id=attempt.pk, at=begin + 2 * MINUTE - SECOND) is False
    with pytest.raises(duties.NotOnDuty):
        interventions.resume(candidacy_id=candidacy.pk, by=world.proctor, at=begin + MINUTE)
    [seat] = room.seats(sitting.pk, duty="chief", at=begin)
    [watched] = room.seats(sitting.pk, duty="proctor", at=begin)
    assert (seat.moves, watched.moves) == (("resume",), ())
    interventions.resume(candidacy_id=candidacy.pk, why="按错了人", by=world.chief, at=begin + MINUTE)
    assert interventions.carry_out_ending(attempt_id=attempt.pk, at=begin + 3 * MINUTE) is False
    attempt = world.attempt_of(sitting)
    assert (attempt.state, attempt.held_time, attempt.ending_at) == ("started", MINUTE, None)


def test_the_annulment_of_a_scored_test_can_be_taken_back_and_nothing_is_signed_or_confirmed_until_then(
    world: World,
) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    key, begin = attempt.candidacy_id, sitting.starts_at + MINUTE
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=begin)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=begin)
    interventions.annul(candidacy_id=key, why="按错了人", by=world.chief, at=begin)
    assert (world.attempt_of(sitting).state, world.attempt_of(sitting).ending) == ("scored", "annul")
    with pytest.raises(conduct.EndingOrdered):
        conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=begin)
    [seat], [watched] = (room.seats(sitting.pk, duty=duty, at=begin) for duty in ("chief", "proctor"))
    assert (seat.moves, watched.moves, str(seat.state_label)) == (("resume",), (), "正在判为作废")
    with pytest.raises(duties.NotOnDuty):
        interventions.resume(candidacy_id=key, by=world.proctor, at=begin)
    interventions.resume(candidacy_id=key, why="按错了人", by=world.chief, at=begin + MINUTE)
    assert interventions.carry_out_ending(attempt_id=attempt.pk, at=begin + 3 * MINUTE) is False
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=begin)
    interventions.annul(candidacy_id=key, why="替考", by=world.chief, at=begin + 4 * MINUTE)
    with pytest.raises(conduct.EndingOrdered):
        conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=begin + 5 * MINUTE)
    assert interventions.carry_out_ending(attempt_id=attempt.pk, at=begin + 6 * MINUTE) is True
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=begin + 6 * MINUTE)
    done = world.attempt_of(sitting)
    assert (done.state, done.notice, done.ending, done.ending_at) == ("annulled", "替考", "", None)


def test_a_hold_can_be_ended_by_the_chief_with_its_time_counted(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    candidacy = world.candidacy_of(sitting)
    interventions.hold(candidacy_id=candidacy.pk, why="不适", by=world.proctor, at=sitting.starts_at + MINUTE)
    interventions.end_attempt(candidacy_id=candidacy.pk, why="送医", by=world.chief, at=sitting.starts_at + 2 * MINUTE)
    world.carry_out_endings(sitting)
    attempt = world.attempt_of(sitting)
    assert (attempt.state, attempt.held_time, attempt.held_since) == ("scored", 3 * MINUTE, None)


def test_what_nobody_hands_in_is_ended_a_minute_after_its_time_from_the_last_accepted_answer(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    answer(attempt, 1, "1", "A")
    ends = sitting.starts_at + 120 * MINUTE
    row = Outbox.objects.get(task="attempts.finish_overdue")
    assert (row.not_before, row.kwargs) == (ends + timing_methods.SWEEP_GRACE, {"attempt_id": str(attempt.pk)})
    assert attempts.finish_overdue(attempt_id=attempt.pk, at=ends) is False
    assert world.attempt_of(sitting).state == "started"
    assert attempts.finish_overdue(attempt_id=attempt.pk, at=ends + timing_methods.SWEEP_GRACE) is True
    done = world.attempt_of(sitting)
    assert (done.state, done.finished_by, done.last_seq) == ("scored", "time", 1)
    assert attempts.finish_overdue(attempt_id=attempt.pk, at=ends + 9 * MINUTE) is False


def test_the_outbox_ends_it_by_itself(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    with tampering.past_triggers():
        Attempt.objects.filter(pk=attempt.pk).update(started_at=clock.real_now() - timedelta(hours=3))
    later.drain(until=clock.real_now() + timedelta(days=3650))
    assert world.attempt_of(sitting).finished_by == "time"


def test_prolonged_time_is_looked_at_again_at_its_new_end(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting)
    interventions.grant_time(
        candidacy_id=world.candidacy_of(sitting).pk, minutes=30, why="断电", by=world.chief, at=sitting.starts_at
    )
    ends = sitting.starts_at + 120 * MINUTE
    assert attempts.finish_overdue(attempt_id=attempt.pk, at=ends + timing_methods.SWEEP_GRACE) is False
    again = Outbox.objects.filter(task="attempts.finish_overdue").latest("pk")
    assert again.not_before == ends + 30 * MINUTE + timing_methods.SWEEP_GRACE


def test_a_paper_is_shown_from_the_start_to_the_end_and_never_with_its_key(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.attempt_of(sitting)
    assert attempt_queries.paper_page(attempt.pk, at=sitting.starts_at).sheet is None
    world.start(sitting)
    page = attempt_queries.paper_page(attempt.pk, at=sitting.starts_at)
    assert page.sheet is not None
    assert (len(page.sheet.items), page.page_state) == (74, "started")
    interventions.hold(candidacy_id=world.candidacy_of(sitting).pk, why="演示", by=world.proctor, at=sitting.starts_at)
    assert attempt_queries.paper_page(attempt.pk, at=sitting.starts_at).sheet is None


def test_a_room_shows_each_seat_as_it_stands(world: World) -> None:
    sitting = world.running(world.enrolments)
    attempt = world.start(sitting, 0)
    answer(attempt, 1, "1", "A")
    answer(attempt, 2, "1", "B")
    answer(attempt, 3, "2", "A")
    world.lease(sitting, 0, device="two")
    view = room.room(sitting.pk, duty="proctor", at=sitting.starts_at + MINUTE)
    assert view.n == event_queries.head(sitting.pk)
    seats = {seat.candidacy_id: seat for seat in view.seats}
    first, second = seats[attempt.candidacy_id], seats[world.candidacy_of(sitting, 1).pk]
    assert (first.answered, first.total, first.state, first.wants_move) == (2, 86, "started", True)
    assert (set(first.moves), second.moves) == ({"hold", "resume"}, ("undo_check_in",))
    chief = room.seats(sitting.pk, duty="chief", at=sitting.starts_at, only=[attempt.candidacy_id])
    assert [set(seat.moves) for seat in chief] == [{"hold", "resume", "end", "annul"}]
    assert room.room(sitting.pk, duty="", at=sitting.starts_at).seats[0].moves == ()


@pytest.mark.parametrize("people", [1, 3])
def test_a_room_takes_the_same_queries_for_one_seat_and_for_three(
    world: World, people: int, django_assert_num_queries: Any
) -> None:
    sitting = world.running(world.enrolments[:people])
    with django_assert_num_queries(4):
        assert len(room.room(sitting.pk, duty="chief", at=sitting.starts_at).seats) == people


def test_events_are_read_on_by_number(world: World) -> None:
    sitting = world.running(world.enrolments)
    assert [event.n for event in event_queries.events_after(sitting.pk, 2)] == [3, 4, 5]
    assert event_queries.events_after(uuid7(), 0) == []
