"""Registration of the eight institutions, each up to its state, by the usual operations: declared, verified, put under
notice, objected to, listed, stopped by itself, suspended, removed; one of before the policy examines itself.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.test import override_settings

from infra.demo.accounts import staff_of
from infra.demo.actors import account, actor, grant
from infra.demo.days import Days
from infra.demo.institutions import PAUSED, REMOVED, SUSPENDED, TRAINING, Spec, registration_time
from infra.demo.people import NOBODYS_RANGE
from kernel import clock
from kernel.access import Actor
from kernel.draining import in_one_go
from shared.hosting.operations import spares
from shared.institutions.models import Organisation
from shared.institutions.operations import standing
from shared.policy.queries import packs as pack_queries
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Objection, PublicNotice, Upload
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import existing, publicity, signing, verifications
from shared.registry.operations import ministry as registry_ministry
from shared.registry.states import Kind

NUMBERS = {"classroom-area": "420", "classroom-seats": "160", "computers": "66", "cameras": "12", "teachers": "14"}
WORDS = {"network": "双线路各 500 Mbit/s，互为备用", "online-platform": "自建网络课程平台"}
APPEAL = "如不服本决定，可自收到之日起六十日内申请行政复议，或者六个月内提起行政诉讼。（演示数据）"
ORDER = (
    "双随机检查发现：两次测试监考人员与备案名单不一致，一间机房监控缺失四天。予以全省通报，责令三十日内整改，"
    "整改期间暂停招生；在读学员的培训和测试不受影响。整改报告经复查合格后恢复招生。" + APPEAL
)
FIRST_ORDER = "群众举报经查属实：部分学员学时由他人代刷。予以通报，责令整改，整改期间暂停招生。" + APPEAL
REMOVAL = (
    "整改期满复查：仍有七名学员学时记录与签到不符，另发现超出公示收费另收资料费。"
    "情节严重，清出培训机构名单，在读学员全额退款，档案移交属地主管部门。" + APPEAL
)


def _answers(commitment: Commitment, at: datetime) -> dict[str, str]:
    plain = {"yes-no": "yes", "date": date(at.year + 3, 12, 31).isoformat()}
    answers = {}
    for line in pack_queries.pack(commitment.policy).commitment.lines:
        number, words = NUMBERS.get(line.key, "30"), WORDS.get(line.key, "见附件")
        answers[line.key] = plain.get(line.kind) or (number if line.kind == "number" else words)
    return answers


def _apply(spec: Spec, at: datetime, kind: str = Kind.NEW) -> Commitment:
    principal = spec.principal
    account(principal, at=at)
    return registry_drafts.apply(
        name=spec.name,
        credit_code=spec.credit_code,
        category=spec.category,
        division_code=spec.division,
        address=spec.address,
        legal_rep=principal.name,
        contact=principal.name,
        mobile=f"{NOBODYS_RANGE}9{spec.division}0",
        kind=kind,
        by=actor(principal, at=at),
        at=at,
    )


def _declare(row: Commitment, spec: Spec, at: datetime, **other: str) -> None:
    """Fill in the whole form, with what is different this time, and sign it."""
    me = actor(spec.principal, at=at)
    values = _answers(row, at) | {key.replace("_", "-"): value for key, value in other.items()}
    registry_drafts.save_draft(commitment_id=row.pk, values=values, positions=spec.positions, by=me, at=at)
    clauses = [clause.key for clause in pack_queries.pack(row.policy).commitment.clauses]
    signing.submit(commitment_id=row.pk, accepted=clauses, signed_name=me.name, by=me, at=at + timedelta(minutes=50))


def _verify(row: Commitment, spec: Spec, at: datetime, version: int = 1) -> PublicNotice:
    """Find everything on site as it was declared, and sign; the public notice begins."""
    me = actor(spec.office, at=at)
    lines = pack_queries.pack(row.policy).commitment.lines
    checks = {line.key: verifications.LineFinding(finding="true") for line in lines}
    verifications.save_checks(commitment_id=row.pk, version=version, findings=checks, by=me, at=at)
    verifications.sign_verification(
        commitment_id=row.pk,
        version=version,
        opinion="true",
        remark="现场与承诺一致。",
        visited_on=clock.legal_day(at),
        by=me,
        at=at + timedelta(hours=2),
    )
    return PublicNotice.objects.get(commitment=row, version=version)


def _list(row: Commitment, notice: PublicNotice, at: datetime) -> None:
    after = datetime.combine(notice.due_on + timedelta(days=1), at.time(), tzinfo=clock.CHINA)
    publicity.close_notice(notice_id=notice.pk, at=after)
    upload = Upload.objects.get(commitment=row)
    registry_ministry.receive_receipt(
        request_id=upload.request_id,
        receipt_no=f"演示-RX-{row.organisation.credit_code[-6:]}",
        received_at=after,
        at=after,
    )


def _listed(spec: Spec, days: Days) -> None:
    at = registration_time(spec, days)
    row = _apply(spec, at)
    _declare(row, spec, at)
    visited = at + timedelta(days=6)
    _list(row, _verify(row, spec, visited), visited)


def _object(notice: PublicNotice, text: str, at: datetime, n: int) -> Objection:
    """Let somebody object to a listing, without a name; the address is one that is given to nobody."""
    return publicity.file_objection(notice_id=notice.pk, text=text, source=f"192.0.2.{n}", real=at, at=at)


def _noticed(spec: Spec, days: Days) -> None:
    """Two objections to the first notice, one of them upheld: returned, put right, and under notice again."""
    row = _apply(spec, registration_time(spec, days))
    _declare(row, spec, days.working_days_ago(25), classroom_area="680")
    notice = _verify(row, spec, days.working_days_ago(20))
    first = _object(
        notice, "该中心所报教室面积包含隔壁单位的会议室，实际没有这么大。", days.working_days_ago(19, 11), 11
    )
    second = _object(notice, "听说他们明年可能要搬家，不应该列入名单。", days.working_days_ago(18, 15), 12)
    officer = actor(spec.office, at=days.working_days_ago(17))
    reason = "是否搬迁与承诺条件无关，异议不成立，公示继续。"
    publicity.decide_objection(
        objection_id=second.pk, upheld=False, reason=reason, by=officer, at=days.working_days_ago(17, 10)
    )
    reason = "经复核，申报面积包含借用的会议室约 260 平方米，与承诺不符，退回更正。"
    publicity.decide_objection(
        objection_id=first.pk, upheld=True, reason=reason, by=officer, at=days.working_days_ago(17, 16)
    )
    row.refresh_from_db()
    _declare(row, spec, days.working_days_ago(9))
    notice = _verify(row, spec, days.working_days_ago(3), version=2)
    _object(notice, "公示名单里有两名教师去年已经离职，请核对聘用合同。", days.working_days_ago(1, 14), 13)


def _applying(spec: Spec, days: Days) -> None:
    """Half of the form is filled in."""
    at = registration_time(spec, days)
    row = _apply(spec, at)
    values = _answers(row, at)
    half = dict(list(values.items())[: len(values) // 2])
    registry_drafts.save_draft(
        commitment_id=row.pk, values=half, positions=spec.positions[:2], by=actor(spec.principal, at=at), at=at
    )


def _overdue(spec: Spec, days: Days) -> None:
    """Submitted more than ten working days ago, and nobody has come."""
    at = registration_time(spec, days)
    _declare(_apply(spec, at), spec, at)


def _existing(spec: Spec, days: Days) -> None:
    """Confirmed by its city as one that trained before the policy; two lines of its self-check are not met yet."""
    at = registration_time(spec, days)
    row = _apply(spec, at, Kind.SELF_CHECK)
    existing.confirm_existing(
        commitment_id=row.pk,
        since=date(2014, 9, 1),
        document="演示名单〔2016〕第 3 号",
        positions=spec.positions,
        by=actor(spec.office, at=at),
        at=at + timedelta(days=2),
    )
    row.refresh_from_db()
    values = _answers(row, at)
    unmet = [line.key for line in pack_queries.pack(row.policy).commitment.lines if line.kind == "yes-no"][-2:]
    values = dict(list(values.items())[:-3]) | dict.fromkeys(unmet, "no")
    me: Actor = actor(spec.principal, at=at)
    registry_drafts.save_draft(
        commitment_id=row.pk, values=values, positions=spec.positions, by=me, at=at + timedelta(days=12)
    )


WAYS: dict[str, Callable[[Spec, Days], None]] = {
    "notice": _noticed,
    "applying": _applying,
    "overdue": _overdue,
    "existing": _existing,
}


def schemas() -> None:
    """Make the schemas in which those that are listed will work; until then they are spare ones."""
    unknown = [spec for spec in TRAINING if not _is_known(spec)]
    with override_settings(NUOXING_SPARES=len(unknown)):
        spares.fill_pool(at=clock.real_now())


def load(specs: Sequence[Spec]) -> None:
    """Found those that are not known yet, each in one transaction."""
    days = Days.today()
    for spec in specs:
        if not _is_known(spec):
            with transaction.atomic(), in_one_go():
                _way(spec)(spec, days)
                if spec in TRAINING:
                    _staff(spec, registration_time(spec, days))


def _way(spec: Spec) -> Callable[[Spec, Days], None]:
    """Return how an institution came to where it is; where nobody examines itself, the existing one is a new one."""
    examines = pack_queries.pack_at(clock.real_now()).institutions.existing_examine_themselves
    return WAYS.get(spec.key, _listed) if examines or spec.key != "existing" else _listed


def _is_known(spec: Spec) -> bool:
    return Organisation.objects.filter(credit_code=spec.credit_code).exists()


def _staff(spec: Spec, at: datetime) -> None:
    organisation = Organisation.objects.get(credit_code=spec.credit_code)
    for person in staff_of(spec.key):
        grant(person, scope=str(organisation.pk), at=at)


def decide(days: Days, *, until: datetime) -> None:
    """Let one stop enrolling by itself, one be suspended, one be suspended and then removed: each once, in its time."""
    rulings = (
        (SUSPENDED, "suspend", days.of(-12, 15), "演示监管〔通报〕2 号", ORDER),
        (REMOVED, "suspend", days.of(-150, 10), "演示监管〔通报〕1 号", FIRST_ORDER),
        (REMOVED, "remove", days.of(-95, 10), "演示监管〔清出〕1 号", REMOVAL),
    )
    for spec, kind, at, document, reason in rulings:
        if at <= until:
            _rule(spec, kind, at, document, reason)
    paused = Organisation.objects.get(credit_code=PAUSED.credit_code)
    at = days.of(-40, 16)
    if at <= until and not paused.standings.filter(state="not_enrolling").exists():
        standing.stop_enrolling(organisation_id=paused.pk, by=actor(PAUSED.principal, at=at), at=at)


def _rule(spec: Spec, kind: str, at: datetime, document: str, reason: str) -> None:
    organisation = Organisation.objects.get(credit_code=spec.credit_code)
    if not organisation.rulings.filter(kind=kind).exists():
        standing.decide(
            organisation_id=organisation.pk,
            kind=kind,
            document_no=document,
            reason=reason,
            by=actor(spec.office, at=at),
            at=at,
        )
