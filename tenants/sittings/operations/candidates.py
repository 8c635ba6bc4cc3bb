"""Candidates of a sitting: only those whose hours are complete, who have paid and are eligible (policy 1.2)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import Actor
from kernel.clock import CHINA, legal_day
from kernel.db.violations import constraint_of
from kernel.errors import NotFound, Refusal
from kernel.languages import enumeration
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue
from tenants.rosters.queries import enrolments as enrolment_queries

from ..methods import numbering as numbering_methods
from ..models.sittings import Candidacy, Duty, Sitting
from ..states import SittingState
from ..values.results import results_of
from .duties import candidacy_of, locked_sitting, require_desk

ENDED_SITTINGS = (SittingState.CANCELLED, SittingState.FINALISED)


class RoomFull(Refusal):
    """There are not enough seats."""

    code = "room-full"
    message = _("The room has %(seats)s seats for a test; %(wanted)s candidates do not fit.")


class NotReady(Refusal):
    """Somebody may not sit the test yet."""

    code = "not-ready"
    message = _("Nobody was added. Not ready for the test: %(who)s")


class CandidatesNotReady(Refusal):
    """Somebody on the list of a sitting is not ready any more."""

    code = "candidates-not-ready"
    message = _("Nothing was filed. Not ready for the test any more, take them off the list: %(who)s")


class OtherPosition(Refusal):
    """Somebody was trained for another position."""

    code = "other-position"
    message = _("Nobody was added. Trained for another position: %(who)s")


class AlreadyCandidate(Refusal):
    """Somebody is a candidate of this or another open sitting."""

    code = "already-candidate"
    message = _("Nobody was added. Already a candidate of an open sitting: %(who)s")


class AlreadyPassed(Refusal):
    """Somebody has passed for this enrolment."""

    code = "already-passed"
    message = _("Nobody was added. Already passed: %(who)s")


class TestAtThatTime(Refusal):
    """Somebody is a candidate of another sitting whose hours overlap."""

    code = "test-at-that-time"
    message = _("Nobody was added. A candidate of another sitting at that time: %(who)s")


class RetestOver(Refusal):
    """The time in which a failed test may be taken again is over."""

    code = "retest-over"
    message = _("Nobody was added. The time for another test is over, they enrol anew: %(who)s")


class TeacherOnDuty(Refusal):
    """Somebody on duty taught one of the candidates."""

    code = "teacher-on-duty"
    message = _("Nobody was added. %(name)s taught the class “%(training_class)s” and may not watch over its test.")


def add_candidates(
    *, sitting_id: uuid.UUID, enrolment_ids: Sequence[uuid.UUID], by: Actor, at: datetime
) -> list[Candidacy]:
    """Make enrolments candidates of a sitting that is not filed: hours complete, paid, eligible (policy 1.2).

    All or nobody: refuses with NotReady (and every reason), OtherPosition, AlreadyCandidate, AlreadyPassed,
    TestAtThatTime, RoomFull. The database refuses the second of two additions at once.
    """
    require_desk(by)
    wanted = list(dict.fromkeys(enrolment_ids))
    with transaction.atomic():
        enrolment_queries.lock(
            wanted
        )  # before the sitting, as whoever withdraws does: of two at once one sees the other
        sitting = locked_sitting(sitting_id)
        if sitting.state != SittingState.DRAFT:
            raise Refusal(_("The sitting is filed; its candidates are fixed."))
        there = sitting.candidacies.count()
        pack = pack_queries.pack(sitting.policy)
        seats = min(sitting.room.seats, pack.sitting.seats_per_room)
        if there + len(wanted) > seats:
            raise RoomFull(seats=seats, wanted=there + len(wanted))
        last = max((int(ticket[-3:]) for ticket in sitting.candidacies.values_list("ticket_no", flat=True)), default=0)
        ready = enrolment_queries.ready_for_test(wanted)
        _check_candidates(sitting, wanted, ready)
        names = people_queries.persons(ready[key].person_id for key in wanted)
        rows = [
            Candidacy(
                sitting=sitting,
                enrolment_id=key,
                person_id=ready[key].person_id,
                name=names[ready[key].person_id].name,
                ticket_no=numbering_methods.ticket_number(sitting.number, last + n),
                added_at=at,
                added_by=by.account_id,
            )
            for n, key in enumerate(wanted, start=1)
        ]
        _insert(rows)
        for row in rows:
            audit.note("candidacy.add", row, by=by, at=at, after=audit.values(row, "ticket_no", "enrolment_id"))
    return rows


def _insert(rows: Sequence[Candidacy]) -> None:
    """Write candidacies, in the order of the people: the database locks each of them (sittings 0004, attempts 0004)."""
    try:
        with transaction.atomic():
            Candidacy.objects.bulk_create(sorted(rows, key=lambda row: row.person_id))
    except IntegrityError as fault:
        who = enumeration(row.name for row in rows)
        if constraint_of(fault) == "sittings_candidate_free":
            raise TestAtThatTime(who=who) from None
        if constraint_of(fault) == "sittings_candidacy_one_test":
            raise AlreadyCandidate(who=who) from None
        raise


def _check_candidates(
    sitting: Sitting, wanted: Sequence[uuid.UUID], ready: dict[uuid.UUID, enrolment_queries.Readiness]
) -> None:
    if unknown := [key for key in wanted if key not in ready]:
        raise NotFound(_("There is no such enrolment: %(key)s"), key=str(unknown[0]))
    if late := [ready[key] for key in wanted if not ready[key].ready]:
        raise NotReady(who=_named(late))
    if other := [ready[key].name for key in wanted if ready[key].position != sitting.position]:
        raise OtherPosition(who=enumeration(other))
    if not pack_queries.pack(sitting.policy).sitting.teachers_may_proctor_own_trainees:
        _check_teachers(sitting, wanted)
    _check_earlier_tests(sitting, wanted, ready)


def _named(late: Sequence[enrolment_queries.Readiness]) -> str:
    """Return who is not ready, each with every reason."""
    return "; ".join(f"{r.name}: {', '.join(map(str, r.reasons))}" for r in late)


def require_ready(rows: Sequence[Candidacy]) -> None:
    """Refuse (CandidatesNotReady) a list on which somebody is not ready any more: asked again when it is filed."""
    ready = enrolment_queries.ready_for_test([row.enrolment_id for row in rows])
    if late := [value for value in ready.values() if not value.ready]:
        raise CandidatesNotReady(who=_named(late))


def _check_earlier_tests(
    sitting: Sitting, wanted: Sequence[uuid.UUID], ready: dict[uuid.UUID, enrolment_queries.Readiness]
) -> None:
    """Refuse (AlreadyPassed, AlreadyCandidate, TestAtThatTime) whose test was passed, is ahead, or at this time."""
    people = {ready[key].person_id for key in wanted}
    earlier = list(
        Candidacy.objects.filter(Q(enrolment_id__in=wanted) | Q(person_id__in=people)).select_related("sitting")
    )
    results = results_of([row.pk for row in earlier])
    done = {row.enrolment_id for row in earlier if results[row.pk].passed} & set(wanted)
    if done:
        raise AlreadyPassed(who=enumeration(ready[key].name for key in done))
    _check_retest_window(
        sitting, [row for row in earlier if results[row.pk].passed is False and row.enrolment_id in ready]
    )
    if len(people) < len(wanted):
        raise AlreadyCandidate(who=enumeration(sorted(ready[key].name for key in wanted)))
    ahead = [
        row
        for row in earlier
        if row.person_id in people and row.left_at is None and row.sitting.state not in ENDED_SITTINGS
    ]
    names = [row.name for row in ahead if row.sitting.position == sitting.position and not results[row.pk].over]
    if names:
        raise AlreadyCandidate(who=enumeration(names))
    if names := [row.name for row in ahead if _overlap(row.sitting, sitting)]:
        raise TestAtThatTime(who=enumeration(names))


def _overlap(one: Sitting, other: Sitting) -> bool:
    return one.pk != other.pk and one.starts_at < other.ends_at and one.ends_at > other.starts_at


def _check_retest_window(sitting: Sitting, failed: Sequence[Candidacy]) -> None:
    """Refuse (RetestOver) whose first failed test of this enrolment lies longer ago than the policy allows."""
    retest = pack_queries.pack(sitting.policy).retest
    first: dict[uuid.UUID, Candidacy] = {}
    for row in sorted(failed, key=lambda row: row.sitting.starts_at):
        first.setdefault(row.enrolment_id, row)
    ends = {row: retest.last_day(legal_day(row.sitting.starts_at)) for row in first.values()}
    if over := {row: end for row, end in ends.items() if legal_day(sitting.starts_at) > end}:
        raise RetestOver(who=enumeration(f"{row.name} ({end.isoformat()})" for row, end in over.items()))


def check_teacher(sitting: Sitting, duty: Duty) -> None:
    """Refuse (TeacherOnDuty) somebody to watch over the sitting who taught a candidate, where the policy forbids it."""
    if not pack_queries.pack(sitting.policy).sitting.teachers_may_proctor_own_trainees:
        _refuse_teachers([duty], list(sitting.candidacies.values_list("enrolment_id", flat=True)))


def _check_teachers(sitting: Sitting, wanted: Sequence[uuid.UUID]) -> None:
    """Refuse (TeacherOnDuty) candidates whose own teacher watches over the sitting."""
    _refuse_teachers(sitting.duties.filter(ended_at=None), wanted)


def _refuse_teachers(duties: Iterable[Duty], wanted: Sequence[uuid.UUID]) -> None:
    classes = catalogue.training_classes(enrolment_queries.class_ids_of(wanted))
    teachers = {training_class.teacher: training_class for training_class in classes.values()}
    for duty in duties:
        if duty.account_id in teachers:
            raise TeacherOnDuty(name=duty.name, training_class=teachers[duty.account_id].name)


def _ticket_path(candidacy_id: uuid.UUID) -> str:
    return reverse("sittings:ticket", settings.ROOT_URLCONF, args=[candidacy_id])


def notify_cancelled(*, sitting_id: uuid.UUID, reason: str, at: datetime) -> None:
    """Tell every candidate of a filed sitting that it does not take place, and why."""
    place = institution_listing_queries.institution(tenancy.institution_id())
    rows = Candidacy.objects.select_related("sitting__room").filter(sitting_id=sitting_id).order_by("pk")
    for row in rows:
        account = account_queries.account_of(row.person_id)
        if account is None:
            continue
        context = {
            "number": row.sitting.number,
            "starts_at": f"{row.sitting.starts_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
            "room": row.sitting.room.name,
            "institution": place.name,
            "reason": reason,
            "url": institution_listing_queries.address_of(place.slug, _ticket_path(row.pk)),
        }
        key = f"sitting-cancelled:{row.pk}"
        notices.send(to=account, template="sittings.cancelled", context=context, at=at, key=key)


def refresh_person(*, person_id: uuid.UUID, name: str) -> list[str]:
    """Write the register's name into a person's places in sittings whose minutes are not signed; return the numbers of
    the other sittings, which keep what was signed.
    """
    fixed = (SittingState.MINUTES_SIGNED, SittingState.FINALISED, SittingState.CANCELLED)
    rows = Candidacy.objects.filter(person_id=person_id).exclude(sitting__state__in=fixed)
    Candidacy.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(name=name)
    others = Candidacy.objects.filter(person_id=person_id).exclude(name=Value(name)).order_by("pk")
    return list(others.values_list("sitting__number", flat=True))


def remove_candidate(*, candidacy_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take somebody off the list of a sitting that is not filed."""
    require_desk(by)
    with transaction.atomic():
        row = candidacy_of(candidacy_id)
        if locked_sitting(row.sitting_id).state != SittingState.DRAFT:
            raise Refusal(_("The sitting is filed; its candidates are fixed."))
        audit.note("candidacy.remove", row.sitting, by=by, at=at, before=audit.values(row, "ticket_no", "enrolment_id"))
        row.delete()
