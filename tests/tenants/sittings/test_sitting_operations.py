"""A sitting from planning to confirmed results, and everything that may not happen on the way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kernel import access, audit, tenancy
from kernel.access import Denied
from kernel.errors import Invalid, NotFound, Refusal
from kernel.fields import uuid7
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.bank.models import Paper, PaperKey
from shared.bank.operations import BankTooSmall
from shared.certificates.models import Certificate
from shared.certificates.operations import reporting
from shared.filings.models import FiledSitting
from shared.identity.models.claims import SeatLease
from shared.identity.operations.claims import SeatElsewhere, take_seat
from shared.notices.models import Notice
from shared.rankings.models import EligibleTrainees
from support.shared_forms import made_from
from support.sittings import World, staff
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt, IdCheck, Score
from tenants.attempts.operations import attempts, conduct, interventions
from tenants.sittings.models.live import SittingEvent
from tenants.sittings.models.sittings import Candidacy, Sitting
from tenants.sittings.operations import candidates, duties, sittings
from tenants.sittings.operations.duties import NotOnDuty
from tenants.sittings.queries import events as event_queries
from tenants.sittings.queries import sittings as sitting_queries

MINUTE = timedelta(minutes=1)


def test_a_sitting_is_planned_with_the_minutes_and_the_version_of_the_policy(world: World) -> None:
    sitting = world.schedule()
    assert (sitting.number, sitting.state, sitting.policy) == ("20260303-01", "draft", "jiangxi-2020@5")
    assert sitting.ends_at - sitting.starts_at == timedelta(minutes=120)
    assert [(duty.name, duty.role) for duty in sitting_queries.duties(sitting.pk)] == [
        ("主监考", "chief"),
        ("监考员", "proctor"),
    ]
    assert [note.verb for note in audit.history(sitting)] == ["sitting.schedule"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"position": "AQY"}, Invalid),
        ({"position": "nothing"}, Invalid),
        ({"room_id": uuid7()}, NotFound),
        ({"proctor_ids": []}, sittings.TooFewProctors),
        ({"chief_id": uuid7()}, sittings.NoProctor),
        ({"proctor_ids": [uuid7()]}, sittings.NoProctor),
    ],
)
def test_a_sitting_that_cannot_be_is_refused_and_nothing_is_planned(world: World, changed: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        world.schedule(**changed)
    assert Sitting.objects.count() == 0


def test_a_proctor_cannot_be_the_chief(world: World) -> None:
    with pytest.raises(sittings.NoProctor):
        world.schedule(chief_id=world.proctor.account_id, proctor_ids=[world.chief.account_id])


def test_a_time_that_has_passed_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        world.schedule(starts_at=world.at)
    assert refused.value.field == "starts_at"


def test_neither_a_room_nor_a_proctor_is_in_two_places_at_once(world: World) -> None:
    world.schedule()
    with pytest.raises(sittings.RoomTaken):
        world.schedule(starts_at=world.starts_at + 119 * MINUTE)
    other = sittings.add_room(name="第二考场", place="四层", seats=10, by=world.registrar, at=world.at)
    with pytest.raises(sittings.ProctorBusy):
        world.schedule(room_id=other.pk)
    assert world.schedule(starts_at=world.starts_at + 120 * MINUTE).number == "20260303-02"
    assert Sitting.objects.count() == 2


def test_only_the_desk_plans(world: World) -> None:
    for who in (world.chief, world.trainee(0), access.SYSTEM):
        with pytest.raises(access.Denied):
            world.schedule(by=who)
    assert Sitting.objects.count() == 0


def test_who_is_not_ready_is_named_with_every_reason_and_nobody_is_added(world: World) -> None:
    world.enrol(1, paid=False)
    world.enrol(1, learnt=False)
    sitting = world.schedule()
    with pytest.raises(candidates.NotReady) as refused:
        candidates.add_candidates(
            sitting_id=sitting.pk, enrolment_ids=[e.pk for e in world.enrolments], by=world.registrar, at=world.at
        )
    assert world.people[3].name in str(refused.value)
    assert world.people[4].name in str(refused.value)
    assert world.people[0].name not in str(refused.value)
    assert Candidacy.objects.count() == 0


def test_an_unknown_enrolment_is_not_found(world: World) -> None:
    sitting = world.schedule()
    with pytest.raises(NotFound):
        candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=[uuid7()], by=world.registrar, at=world.at)


def test_nobody_is_a_candidate_of_two_open_sittings(world: World) -> None:
    world.filed(world.enrolments[:1])
    other = world.schedule(starts_at=world.starts_at + timedelta(days=1))
    with pytest.raises(candidates.AlreadyCandidate):
        candidates.add_candidates(
            sitting_id=other.pk, enrolment_ids=[world.enrolments[0].pk], by=world.registrar, at=world.at
        )
    assert other.candidacies.count() == 0


def test_more_candidates_than_seats_are_refused(world: World) -> None:
    small = sittings.add_room(name="小考场", place="一层", seats=2, by=world.registrar, at=world.at)
    with pytest.raises(candidates.RoomFull):
        world.filed(world.enrolments, room_id=small.pk)
    assert Candidacy.objects.count() == 0


def test_a_teacher_does_not_watch_over_their_own_trainees(world: World) -> None:
    world.training_class.teacher = world.chief.account_id
    with tenancy.as_owner():
        world.training_class.save()
    with pytest.raises(candidates.TeacherOnDuty):
        world.filed(world.enrolments)
    assert Candidacy.objects.count() == 0


def test_tickets_go_on_counting_after_somebody_was_taken_off(world: World) -> None:
    sitting = world.schedule()
    keys = [row.pk for row in world.enrolments]
    rows = candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys[:2], by=world.registrar, at=world.at)
    candidates.remove_candidate(candidacy_id=rows[0].pk, by=world.registrar, at=world.at)
    again = candidates.add_candidates(
        sitting_id=sitting.pk, enrolment_ids=[keys[0], keys[2]], by=world.registrar, at=world.at
    )
    assert [row.ticket_no for row in again] == ["20260303-01-003", "20260303-01-004"]


def test_filing_draws_the_seats_and_tells_the_authority(world: World) -> None:
    sitting = world.filed(world.enrolments)
    seats = list(sitting.candidacies.values_list("seat", flat=True))
    assert len(set(seats)) == 3
    assert all(seat is not None and 1 <= seat <= 30 for seat in seats)
    filed_sitting = FiledSitting.objects.get(pk=sitting.pk)
    assert (filed_sitting.state, filed_sitting.candidates, filed_sitting.institution_id) == (
        "filed",
        3,
        world.institution.pk,
    )


def test_an_empty_sitting_and_one_without_a_paper_are_not_filed(world: World) -> None:
    sitting = world.schedule()
    with pytest.raises(sittings.NoCandidates):
        sittings.file_sitting(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    candidates.add_candidates(
        sitting_id=sitting.pk, enrolment_ids=[world.enrolments[0].pk], by=world.registrar, at=world.at
    )
    from shared.bank.models import Item

    with tenancy.open_public(), tenancy.as_owner():
        Item.objects.filter(kind="case").update(retired_at=world.at)
    with pytest.raises(BankTooSmall):
        sittings.file_sitting(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    sitting.refresh_from_db()
    assert (sitting.state, FiledSitting.objects.count()) == ("draft", 0)


def test_candidates_are_fixed_once_the_sitting_is_filed(world: World) -> None:
    sitting = world.filed(world.enrolments[:1])
    with pytest.raises(Refusal):
        candidates.add_candidates(
            sitting_id=sitting.pk, enrolment_ids=[world.enrolments[1].pk], by=world.registrar, at=world.at
        )
    with pytest.raises(Refusal):
        candidates.remove_candidate(candidacy_id=sitting.candidacies.get().pk, by=world.registrar, at=world.at)
    assert sitting.candidacies.count() == 1


def test_a_filed_sitting_is_not_filed_again_and_keeps_its_seats(world: World) -> None:
    sitting = world.filed(world.enrolments)
    seats = list(sitting.candidacies.order_by("pk").values_list("seat", flat=True))
    with pytest.raises(WrongState):
        sittings.file_sitting(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    assert list(sitting.candidacies.order_by("pk").values_list("seat", flat=True)) == seats


def test_the_door_opens_a_quarter_of_an_hour_before_and_draws_a_paper_for_each(world: World) -> None:
    sitting = world.filed(world.enrolments)
    with pytest.raises(conduct.TooEarly):
        conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at - 16 * MINUTE)
    assert (Attempt.objects.count(), papers()) == (0, [])
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at - 15 * MINUTE)
    assert Attempt.objects.count() == 3
    assert set(Attempt.objects.values_list("questions", "working_time")) == {(86, timedelta(minutes=120))}
    assert len(set(papers())) == 3


def test_who_is_not_on_duty_here_opens_nothing_and_checks_nobody_in(world: World) -> None:
    sitting = world.filed(world.enrolments[:1])
    scope = str(world.institution.organisation_id)
    stranger = staff("别场监考", "proctor", scope, world.at)
    with pytest.raises(duties.NotOnDuty):
        conduct.open_checkin(sitting_id=sitting.pk, by=stranger, at=sitting.starts_at)
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    for who in (stranger, world.registrar):
        with pytest.raises(duties.NotOnDuty):
            conduct.check_in(candidacy_id=world.candidacy_of(sitting).pk, by=who, at=sitting.starts_at)
    with pytest.raises(duties.NotOnDuty):
        conduct.begin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    assert (IdCheck.objects.count(), SeatLease.objects.count()) == (0, 0)


def test_check_in_notes_who_compared_what_and_takes_the_seat(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    check = IdCheck.objects.get()
    assert (check.document, check.checked_by, check.checked_by_name) == (
        "resident_id",
        world.proctor.account_id,
        "监考员",
    )
    assert SeatLease.objects.get().attempt_id == world.attempt_of(sitting).pk


def test_nobody_is_let_in_half_an_hour_after_the_start(world: World) -> None:
    sitting = world.running(world.enrolments, checked_in=False)
    first, second = world.candidacy_of(sitting, 0), world.candidacy_of(sitting, 1)
    conduct.check_in(candidacy_id=first.pk, by=world.proctor, at=sitting.starts_at + 30 * MINUTE)
    with pytest.raises(conduct.TooLate):
        conduct.check_in(candidacy_id=second.pk, by=world.proctor, at=sitting.starts_at + 31 * MINUTE)
    assert IdCheck.objects.count() == 1


def test_who_sits_elsewhere_in_the_province_is_not_checked_in(world: World) -> None:
    sitting = world.running(world.enrolments[:1], checked_in=False)
    with tenancy.open_public():
        take_seat(person_id=world.people[0].pk, institution_id=uuid7(), attempt_id=uuid7(), at=world.at)
    with pytest.raises(SeatElsewhere):
        conduct.check_in(candidacy_id=world.candidacy_of(sitting).pk, by=world.proctor, at=sitting.starts_at)
    assert (IdCheck.objects.count(), world.attempt_of(sitting).state) == (0, "prepared")


def test_checking_in_twice_is_refused(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    with pytest.raises(WrongState):
        conduct.check_in(candidacy_id=world.candidacy_of(sitting).pk, by=world.proctor, at=sitting.starts_at)


def test_the_test_does_not_begin_before_its_time(world: World) -> None:
    sitting = world.filed(world.enrolments[:1])
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at - MINUTE)
    with pytest.raises(conduct.TooEarly):
        conduct.begin(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at - MINUTE)


def write(attempt: Attempt, answers: dict[str, str], *, first: int = 1, epoch: int = 1) -> None:
    """Append answers as the gateway does."""
    rows = [
        AnswerLog(
            attempt_id=attempt.pk,
            seq=seq,
            epoch=epoch,
            question=question,
            choice=choice,
            client_at=attempt.started_at,
            server_at=attempt.started_at,
        )
        for seq, (question, choice) in enumerate(answers.items(), start=first)
    ]
    with tenancy.as_owner():
        AnswerLog.objects.bulk_create(rows)


@tenancy.open_public()
def papers() -> list[str]:
    """Return the seed of every paper that has its key; no institution may read either."""
    return list(Paper.objects.filter(pk__in=PaperKey.objects.values("pk")).values_list("seed", flat=True))


@tenancy.open_public()
def right(attempt: Attempt) -> dict[str, str]:
    return {m["name"]: m["key"] for m in PaperKey.objects.get(pk=attempt.paper_id).question_keys}


def test_a_passed_test_becomes_a_certificate_request_when_the_results_are_confirmed(world: World) -> None:
    sitting = world.running(world.enrolments)
    good, bad = world.start(sitting, 0), world.start(sitting, 1)
    write(good, right(good))
    write(bad, {"1": right(bad)["1"]})
    ends = sitting.starts_at + 60 * MINUTE
    first = attempts.finish_attempt(attempt_id=good.pk, epoch=1, last_seq=86, by=world.trainee(0), at=ends)
    second = attempts.finish_attempt(attempt_id=bad.pk, epoch=1, last_seq=1, by=world.trainee(1), at=ends)
    assert [(s.points, s.passed) for s in (first, second)] == [(Decimal(100), True), (Decimal(1), False)]
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=ends)
    assert [world.attempt_of(sitting, n).state for n in range(3)] == ["scored", "scored", "absent"]
    assert SeatLease.objects.count() == 0
    with pytest.raises(WrongState):
        conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=ends)
    assert Certificate.objects.count() == 0
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=ends)
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=ends)
    certificate = Certificate.objects.get()
    assert (certificate.attempt_id, certificate.person_id, certificate.position) == (
        good.pk,
        world.people[0].pk,
        "SGY-TJ",
    )
    assert [world.attempt_of(sitting, n).state for n in range(3)] == ["confirmed", "confirmed", "absent"]
    states = [world.enrolments[n] for n in range(3)]
    for row in states:
        row.refresh_from_db()
    assert [row.state for row in states] == ["completed", "confirmed", "confirmed"]
    assert FiledSitting.objects.get(pk=sitting.pk).state == "finalised"


def test_who_passed_is_not_tested_again_and_who_failed_may_be(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    good, bad = world.start(sitting, 0), world.start(sitting, 1)
    write(good, right(good))
    for n, attempt in enumerate((good, bad)):
        attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(n), at=sitting.starts_at)
    again = world.schedule(starts_at=world.starts_at + timedelta(days=9))
    keys = [row.pk for row in world.enrolments[:2]]
    with pytest.raises(candidates.AlreadyPassed) as refused:
        candidates.add_candidates(sitting_id=again.pk, enrolment_ids=keys, by=world.registrar, at=world.at)
    assert world.people[0].name in str(refused.value)
    candidates.add_candidates(sitting_id=again.pk, enrolment_ids=keys[1:], by=world.registrar, at=world.at)
    assert [row.person_id for row in again.candidacies.all()] == [world.people[1].pk]


def test_results_are_confirmed_though_somebody_has_a_certificate_already(world: World) -> None:
    reporting.request_certificate(
        institution_id=world.institution.id,
        attempt_id=uuid7(),
        person_id=world.people[0].pk,
        position="SGY-TJ",
        score=Decimal(80),
        tested_on=world.at.date(),
        policy_version="jiangxi-2020@5",
        by=world.registrar,
        at=world.at,
    )
    sitting = world.running(world.enrolments[:2])
    ends = sitting.starts_at + 60 * MINUTE
    for n in range(2):
        attempt = world.start(sitting, n)
        write(attempt, right(attempt))
        attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=86, by=world.trainee(n), at=ends)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=ends)
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=ends)
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=ends)
    assert [world.attempt_of(sitting, n).state for n in range(2)] == ["confirmed", "confirmed"]
    assert sorted(Certificate.objects.values_list("person_id", flat=True)) == sorted(
        person.pk for person in world.people[:2]
    )
    notes = [note.verb for note in audit.history(world.attempt_of(sitting, 0))]
    assert "attempt.no_second_certificate" in notes


def test_a_failed_test_is_taken_again_within_the_months_of_the_policy_and_not_after(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    attempt = world.attempt_of(sitting)
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at)
    assert sitting.starts_at.date() == date(2026, 3, 3)
    late = world.schedule(starts_at=sitting.starts_at.replace(month=9, day=4))
    call: dict[str, Any] = {"enrolment_ids": [world.enrolments[0].pk], "by": world.registrar, "at": world.at}
    with pytest.raises(candidates.RetestOver) as refused:
        candidates.add_candidates(sitting_id=late.pk, **call)
    assert "2026-09-03" in str(refused.value)
    assert late.candidacies.count() == 0
    last = world.schedule(starts_at=sitting.starts_at.replace(month=9, day=3))
    assert len(candidates.add_candidates(sitting_id=last.pk, **call)) == 1


def test_the_test_does_not_end_while_somebody_writes(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    world.start(sitting, 0)
    with pytest.raises(conduct.StillWriting):
        conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at)
    assert [world.attempt_of(sitting, n).state for n in range(2)] == ["started", "checked_in"]


def test_an_open_impediment_stands_against_the_results(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at)
    incident = uuid7()
    conduct.note_impediment(sitting_id=sitting.pk, incident_id=incident, at=world.at)
    with pytest.raises(conduct.IncidentsOpen):
        conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    conduct.lift_impediment(incident_id=incident, at=world.at)
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=world.at)
    sitting.refresh_from_db()
    assert sitting.state == "finalised"


def test_a_cancelled_sitting_gives_the_seats_back_and_is_told(world: World) -> None:
    sitting = world.filed(world.enrolments)
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    conduct.check_in(candidacy_id=world.candidacy_of(sitting).pk, by=world.proctor, at=sitting.starts_at)
    with pytest.raises(ReasonRequired):
        conduct.cancel_sitting(sitting_id=sitting.pk, why=" ", by=world.registrar, at=world.at)
    conduct.cancel_sitting(sitting_id=sitting.pk, why="停电", by=world.registrar, at=world.at)
    assert (SeatLease.objects.count(), set(Attempt.objects.values_list("state", flat=True))) == (0, {"absent"})
    assert FiledSitting.objects.get(pk=sitting.pk).state == "cancelled"


def test_events_of_a_room_are_numbered_without_gaps(world: World) -> None:
    sitting = world.running(world.enrolments)
    world.start(sitting, 0)
    numbers = list(SittingEvent.objects.filter(sitting=sitting).order_by("n").values_list("n", "kind"))
    kinds = ["checkin_open", "checked_in", "checked_in", "checked_in", "begun", "lease_taken", "started"]
    assert numbers == list(enumerate(kinds, start=1))
    assert event_queries.head(sitting.pk) == 7


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_candidates_takes_the_same_queries_for_one_and_for_three(
    world: World, people: int, django_assert_num_queries: Any
) -> None:
    sitting = world.running(world.enrolments[:people])
    with django_assert_num_queries(4):
        assert len(sitting_queries.candidates(sitting.pk)) == people


def test_no_score_is_shown_to_the_staff_before_the_sitting_is_closed(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    attempt = world.start(sitting, 0)
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=world.trainee(0), at=sitting.starts_at)
    assert [row.points for row in sitting_queries.candidates(sitting.pk)] == [""]
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    assert [row.points for row in sitting_queries.candidates(sitting.pk)] == ["0"]
    assert Score.objects.get().run == 1


def test_another_institutions_sitting_is_not_found(world: World, beta: Any, at: Any) -> None:
    from kernel import tenancy

    sitting = world.schedule()
    with tenancy.open_institution(beta), pytest.raises(NotFound):
        sitting_queries.sitting(sitting.pk, world.registrar)


def test_whoever_comes_late_is_let_in_by_the_real_beginning(world: World) -> None:
    sitting = world.filed(world.enrolments[:2])
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    late = sitting.starts_at + 50 * MINUTE
    conduct.check_in(candidacy_id=world.candidacy_of(sitting, 0).pk, by=world.proctor, at=late)
    conduct.begin(sitting_id=sitting.pk, by=world.chief, at=late)
    conduct.check_in(candidacy_id=world.candidacy_of(sitting, 1).pk, by=world.proctor, at=late + 30 * MINUTE)
    assert [world.attempt_of(sitting, n).state for n in range(2)] == ["checked_in", "checked_in"]


def test_nobody_is_absent_five_minutes_after_the_start_or_in_another_number_than_was_confirmed(world: World) -> None:
    sitting = world.running(world.enrolments)
    states = [world.attempt_of(sitting, n).state for n in range(3)]
    with pytest.raises(conduct.TooEarly):
        conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 5 * MINUTE, absent=3)
    with pytest.raises(conduct.AbsentDiffers):
        conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE, absent=2)
    sitting.refresh_from_db()
    assert (sitting.state, [world.attempt_of(sitting, n).state for n in range(3)]) == ("running", states)


def test_the_end_of_a_test_is_taken_back_until_the_minutes_are_signed(world: World) -> None:
    sitting = world.running(world.enrolments[:2], checked_in=False)
    conduct.check_in(candidacy_id=world.candidacy_of(sitting).pk, by=world.proctor, at=sitting.starts_at)
    end = sitting.starts_at + 30 * MINUTE
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=end, absent=2)
    assert [world.attempt_of(sitting, n).state for n in range(2)] == ["absent", "absent"]
    with pytest.raises(NotOnDuty):
        conduct.reopen(sitting_id=sitting.pk, why="按错了结束键", by=world.proctor, at=end)
    conduct.reopen(sitting_id=sitting.pk, why="按错了结束键", by=world.chief, at=end + MINUTE)
    sitting.refresh_from_db()
    states = [world.attempt_of(sitting, n).state for n in range(2)]
    assert (sitting.state, states, SeatLease.objects.count()) == ("running", ["checked_in", "prepared"], 1)
    assert FiledSitting.objects.get(pk=sitting.pk).state == "running"
    assert world.start(sitting, 0, at=end + 2 * MINUTE).state == "started"
    interventions.end_attempt(
        candidacy_id=world.candidacy_of(sitting).pk, why="身体不适离场", by=world.chief, at=end + 3 * MINUTE
    )
    world.carry_out_endings(sitting)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=end + 4 * MINUTE, absent=1)
    conduct.sign_minutes(sitting_id=sitting.pk, by=world.chief, at=end + 5 * MINUTE)
    with pytest.raises(WrongState):
        conduct.reopen(sitting_id=sitting.pk, why="按错了结束键", by=world.chief, at=end + 6 * MINUTE)


def test_those_who_can_rate_are_counted_once_though_the_end_was_taken_back(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    world.start(sitting)
    end = sitting.starts_at + 30 * MINUTE
    interventions.end_attempt(candidacy_id=world.candidacy_of(sitting).pk, why="身体不适离场", by=world.chief, at=end)
    world.carry_out_endings(sitting)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=end)
    conduct.reopen(sitting_id=sitting.pk, why="按错了结束键", by=world.chief, at=end)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=end)
    with tenancy.as_owner():
        assert list(EligibleTrainees.objects.values_list("trainees", flat=True)) == [1]


def test_a_mistaken_check_in_is_undone_and_stays_on_record(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    candidacy = world.candidacy_of(sitting)
    with pytest.raises(ReasonRequired):
        interventions.undo_check_in(candidacy_id=candidacy.pk, why=" ", by=world.proctor, at=sitting.starts_at)
    interventions.undo_check_in(candidacy_id=candidacy.pk, why="点错了座位", by=world.proctor, at=sitting.starts_at)
    assert (world.attempt_of(sitting).state, SeatLease.objects.count()) == ("prepared", 0)
    assert sitting_queries.candidates(sitting.pk)[0].document == ""
    conduct.check_in(candidacy_id=candidacy.pk, document="passport", by=world.proctor, at=sitting.starts_at)
    assert [check.undone_at for check in IdCheck.objects.order_by("pk")] == [sitting.starts_at, None]
    assert sitting_queries.candidates(sitting.pk)[0].document == "护照"
    world.start(sitting)
    with pytest.raises(WrongState):
        interventions.undo_check_in(candidacy_id=candidacy.pk, why="点错了座位", by=world.proctor, at=sitting.starts_at)


def test_another_chief_takes_over_and_the_first_is_off_duty(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    scope = str(world.institution.organisation_id)
    second = staff("替补主监考", "chief_proctor", scope, world.at)
    change = {"sitting_id": sitting.pk, "why": "主监考突发疾病", "at": sitting.starts_at}
    with pytest.raises(Denied):
        sittings.replace_chief(account_id=second.account_id, by=world.chief, **change)
    with pytest.raises(sittings.NoProctor):
        sittings.replace_chief(account_id=world.proctor.account_id, by=world.registrar, **change)
    sittings.replace_chief(account_id=second.account_id, by=world.registrar, **change)
    late = sitting.starts_at + 30 * MINUTE
    with pytest.raises(NotOnDuty):
        conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=late)
    assert [(d.name, d.ended_at) for d in sitting_queries.duties(sitting.pk)] == [
        ("替补主监考", None),
        ("监考员", None),
        ("主监考", sitting.starts_at),
    ]
    conduct.close_sitting(sitting_id=sitting.pk, by=second, at=late)
    conduct.sign_minutes(sitting_id=sitting.pk, by=second, at=late)
    with pytest.raises(sittings.ChiefFixed):
        sittings.replace_chief(account_id=world.chief.account_id, by=world.registrar, **change)


def test_of_two_at_the_desk_neither_replaces_the_chief_whom_the_other_has_found(world: World, acting: Any) -> None:
    sitting, scope = world.filed(world.enrolments[:1]), str(world.institution.organisation_id)
    first, second = (staff(name, "chief_proctor", scope, world.at) for name in ("甲主考", "乙主考"))
    client, path = acting(world.registrar), f"/staff/sittings/{sitting.pk}/chief/"
    page = {"reason": "主考生病"} | made_from(client, path)
    assert client.post(path, page | {"chief": str(first.account_id)}).status_code == 302
    answer = client.post(path, page | {"chief": str(second.account_id)})
    assert (answer.status_code, "甲主考" in str(answer.context["form"].errors["chief"])) == (422, True)
    chiefs = sitting.duties.filter(role="chief", ended_at=None)
    assert [duty.account_id for duty in chiefs] == [first.account_id]
    again = page | {"chief": str(second.account_id), "made_from": answer.context["form"]["made_from"].value()}
    assert client.post(path, again).status_code == 302
    assert [duty.account_id for duty in chiefs.all()] == [second.account_id]


def test_a_cancelled_sitting_tells_its_candidates_and_its_ticket_is_void(world: World, visit: Any) -> None:
    sitting = world.filed(world.enrolments[:1])
    candidate = world.signed_in(visit("alpha", world.at), 0)
    url = f"/my/tests/{world.candidacy_of(sitting).pk}/ticket/"
    page = candidate.get(url).text
    for words in (world.institution.name, "演示路1号", "120", "<svg"):
        assert words in page
    assert "作废" not in page
    conduct.cancel_sitting(sitting_id=sitting.pk, why="考场停电", by=world.registrar, at=world.at)
    page = candidate.get(url).text
    assert ("作废" in page, "<svg class" in page or "qrline" in page) == (True, False)
    with tenancy.open_public():
        (notice,) = Notice.objects.all()
    assert (notice.template, notice.context["reason"]) == ("sittings.cancelled", "考场停电")


def test_a_draft_that_is_cancelled_tells_nobody(world: World) -> None:
    sitting = world.schedule()
    keys = [row.pk for row in world.enrolments]
    candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=keys, by=world.registrar, at=world.at)
    conduct.cancel_sitting(sitting_id=sitting.pk, why="计划变更", by=world.registrar, at=world.at)
    with tenancy.open_public():
        assert Notice.objects.count() == 0
