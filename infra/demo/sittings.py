"""Tests held in earlier months, up to the certificates; and tests filed for the coming weeks."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from infra.demo import writing
from infra.demo.actors import actor
from infra.demo.training import School
from kernel.access import Actor
from kernel.tenancy import open_public
from kernel.unchanging import asked_once
from shared.bank import queries as bank_queries
from shared.certificates.models import Certificate
from shared.certificates.operations import corrections as certificate_corrections
from shared.certificates.operations import issuing
from shared.policy.queries import packs as pack_queries
from tenants.attempts.operations import conduct
from tenants.proctoring import operations as proctoring
from tenants.rosters.models import Enrolment
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.states import EnrolmentState
from tenants.sittings.models.sittings import Candidacy, Room, Sitting
from tenants.sittings.operations import candidates, sittings
from tenants.sittings.states import SittingState

ROOMS = (("第一机房", "实训楼三层", 36), ("第二机房", "实训楼四层", 30))
OVER = (SittingState.CANCELLED, SittingState.FINALISED)
# What went wrong in a test, by institution and class: what kind, whether it may matter, in words, what came of it.
INCIDENTS = {
    ("listed", "one"): ("equipment", False, "7 号机鼠标失灵，两分钟内更换。", "已加时两分钟，考生无异议。"),
    ("listed", "past"): (
        "power",
        True,
        "第一机房 10:12 跳闸，11 台机器重启，作答记录完整。",
        "逐人核对作答记录无缺失。",
    ),
    ("paused", "one"): ("disturbance", False, "隔壁教室施工噪声约十分钟。", "与施工方协调停工，测试正常。"),
    ("suspended", "one"): ("identity", True, "一名考生身份证照片与本人差异较大。", "经社保卡与教务档案核对为本人。"),
    ("removed", "one"): ("copying", True, "后排两名考生多次交谈，提醒后仍继续。", "两人书面说明，监控已留存备查。"),
}
FEW = 5
MINUTES = "应考人员名单与签到表一致，缺考情况见名单；考场秩序良好，异常情况见事件记录。"


def rooms(school: School, *, at: datetime) -> None:
    """Add the test rooms."""
    for name, place, seats in ROOMS:
        sittings.add_room(name=name, place=place, seats=seats, by=school.staff["registrar"], at=at)


def ready(position: str = "") -> list[uuid.UUID]:
    """Return the enrolments that may be tested and wait for no other test, in the order in which people applied."""
    waiting = Candidacy.objects.exclude(sitting__state__in=OVER).values("enrolment_id")
    rows = Enrolment.objects.filter(state=EnrolmentState.CONFIRMED).exclude(pk__in=waiting).order_by("applied_at")
    keys = list((rows.filter(position=position) if position else rows).values_list("pk", flat=True))
    may = enrolment_queries.ready_for_test(keys)
    return [key for key in keys if may[key].ready]


def can_be_tested(position: str, *, at: datetime) -> bool:
    """Say whether the demonstration's bank makes papers for a position."""
    return _is_possible(position, pack_queries.pack_at(at).version)


@asked_once
def _is_possible(position: str, version: str) -> bool:
    return bank_queries.feasibility(position, pack=pack_queries.pack(version)).possible


def file(
    school: School,
    room: Room,
    position: str,
    enrolments: Sequence[uuid.UUID],
    *,
    starts_at: datetime,
    at: datetime,
) -> Sitting:
    """Plan a sitting, put people into it, file it with the authority."""
    staff = school.staff
    assert staff["chief"].account_id is not None
    assert staff["proctor"].account_id is not None
    sitting = sittings.schedule_sitting(
        position=position,
        room_id=room.pk,
        starts_at=starts_at,
        chief_id=staff["chief"].account_id,
        proctor_ids=[staff["proctor"].account_id],
        by=staff["registrar"],
        at=at,
    )
    candidates.add_candidates(sitting_id=sitting.pk, enrolment_ids=enrolments, by=staff["registrar"], at=at)
    return sittings.file_sitting(sitting_id=sitting.pk, by=staff["registrar"], at=at + timedelta(hours=1))


def hold(school: School, key: str, position: str, *, starts_at: datetime) -> None:
    """Hold the test of everybody who is ready, up to the certificates; of more than a few one stays away."""
    staff, spec = school.staff, school.spec
    room = Room.objects.get(name=ROOMS[0][0])
    sitting = file(school, room, position, ready(position), starts_at=starts_at, at=starts_at - timedelta(days=9))
    conduct.open_checkin(sitting_id=sitting.pk, by=staff["chief"], at=starts_at - timedelta(minutes=14))
    candidates = list(Candidacy.objects.filter(sitting=sitting).order_by("ticket_no"))
    there = candidates[:-1] if len(candidates) > FEW else candidates
    for n, row in enumerate(there):
        conduct.check_in(
            candidacy_id=row.pk, by=staff["proctor"], at=starts_at - timedelta(minutes=12, seconds=-20 * n)
        )
    conduct.begin(sitting_id=sitting.pk, by=staff["chief"], at=starts_at)
    for n, (attempt, row, questions) in enumerate(writing.started_attempts(sitting, there)):
        writing.write(attempt, row, questions, school=spec.key, begun_at=starts_at, n=n)
    _note(sitting, there[-1], INCIDENTS.get((spec.key, key)), staff, at=starts_at + timedelta(minutes=72))
    conduct.close_sitting(sitting_id=sitting.pk, by=staff["chief"], at=starts_at + timedelta(minutes=122))
    after = starts_at + timedelta(minutes=150)
    proctoring.sign_minutes(sitting_id=sitting.pk, text=MINUTES, by=staff["chief"], at=after)
    conduct.finalise(sitting_id=sitting.pk, by=staff["registrar"], at=starts_at + timedelta(days=2))
    passed = list(sitting.attempts.values_list("pk", flat=True))
    _number(spec.number, passed, at=starts_at + timedelta(days=4, hours=2))


def _note(
    sitting: Sitting, row: Candidacy, what: tuple[str, bool, str, str] | None, staff: dict[str, Actor], *, at: datetime
) -> None:
    """Report what went wrong, if anything did, and close it within the hour."""
    if what is None:
        return
    kind, impactful, words, outcome = what
    incident = proctoring.report_incident(
        sitting_id=sitting.pk,
        candidacy_id=row.pk,
        kind=kind,
        impactful=impactful,
        words=words,
        by=staff["proctor"],
        at=at,
    )
    proctoring.close_incident(
        incident_id=incident.pk, outcome=outcome, by=staff["chief"], at=at + timedelta(minutes=40)
    )


def _number(school: int, attempts: Sequence[uuid.UUID], *, at: datetime) -> None:
    """Give the numbers that the ministry's system would answer with, so that the certificates are issued."""
    with open_public():
        rows = Certificate.objects.filter(attempt_id__in=attempts).order_by("requested_at", "pk")
        start = f"演示-{at:%y}-{school}"
        existing = Certificate.objects.filter(number__startswith=start).count()
        for n, key in enumerate(rows.values_list("pk", flat=True), start=existing + 1):
            issuing.receive_number(certificate_id=key, number=f"{start}{n:05d}", issued_on=at.date(), at=at)


def revoke_one(school: School, *, at: datetime) -> None:
    """Let the authority revoke one certificate of an institution that falsified."""
    with open_public():
        row = Certificate.objects.filter(institution__organisation__credit_code=school.spec.credit_code).latest("pk")
        certificate_corrections.revoke(
            certificate_id=row.pk,
            ground="falsified",
            remark="清出调查中查明学时记录由他人代刷，培训经历不实。",
            by=actor(school.spec.office, at=at),
            at=at,
        )
