"""Four institutions in different states of life, each brought there by the operations that people use: one that trains,
one that has stopped enrolling, one under public notice, one that is still applying.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from infra.demo.accounts import STAFF, SignIn
from infra.demo.acting import account, actor, grant
from infra.demo.people import NOBODYS_RANGE
from infra.demo.province import sign_in
from kernel import clock
from kernel.idnumbers import make_credit_code
from shared.institutions import operations as standing
from shared.institutions.models import Institution, Organisation
from shared.policy import queries as law
from shared.registry import operations as registry
from shared.registry.models import Commitment, PublicNotice, Upload

ANSWERS = {
    "number": {"classroom-area": "420", "classroom-seats": "160", "computers": "66", "cameras": "12", "teachers": "14"},
    "text": {"network": "双线路各 500 Mbit/s，互为备用", "online-platform": "自建网络课程平台"},
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One institution of the demonstration and how far it has come."""

    key: str
    name: str
    credit_code: str
    category: str
    division: str
    officer: str
    address: str
    applied: datetime
    reaches: str  # draft, notice, listed
    positions: tuple[str, ...] = ("SGY-TJ", "ZLY-TJ", "CLY")


def _morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=clock.CHINA)


LISTED = Spec(
    key="listed",
    name="豫章演示培训学校",
    credit_code=make_credit_code("52", "360100", "MJXA7D01"),
    category="social",
    division="360111",
    officer="city",
    address="南昌市青山湖区演示大道 8 号",
    applied=_morning(2023, 2, 1),
    reaches="listed",
)
PAUSED = Spec(
    key="paused",
    name="江西演示职业技术学院",
    credit_code=make_credit_code("12", "360000", "MB0DEM02"),
    category="vocational-college",
    division="360112",
    officer="province",
    address="南昌市新建区演示学院路 1 号",
    applied=_morning(2023, 3, 6),
    reaches="listed",
)


def specs(now: datetime) -> list[Spec]:
    """Return the four; the one under notice and the one applying are always of these days."""
    notice = Spec(
        key="notice",
        name="赣州演示建筑行业协会培训中心",
        credit_code=make_credit_code("51", "360700", "MJXA7D03"),
        category="association",
        division="360702",
        officer="ganzhou",
        address="赣州市章贡区演示路 20 号",
        applied=now - timedelta(days=9),
        reaches="notice",
    )
    applying = Spec(
        key="applying",
        name="九江演示建工集团培训中心",
        credit_code=make_credit_code("91", "360400", "MAXG7D04"),
        category="enterprise",
        division="360403",
        officer="jiujiang",
        address="九江市浔阳区演示街 5 号",
        applied=now - timedelta(days=4),
        reaches="submitted",
    )
    return [LISTED, PAUSED, notice, applying]


def principal_of(spec: Spec) -> SignIn:
    """Return the sign-in of an institution's principal."""
    first = next(s for s in STAFF if s.role == "principal")
    if spec.key == LISTED.key:
        return first
    return SignIn(
        f"principal-{spec.key}",
        f"principal.{spec.key}@nuoxing.example",
        "演示负责人",
        "principal",
        "",
        "校长",
        "Principal",
    )


def officer_of(spec: Spec) -> SignIn:
    """Return the officer who answers for an institution."""
    if spec.officer in ("city", "province"):
        return sign_in(spec.officer)
    scope = spec.division[:4] + "00"
    return SignIn(
        spec.officer,
        f"{spec.officer}@nuoxing.example",
        "演示经办",
        "city_officer",
        scope,
        "市住建局经办",
        "Municipal officer",
    )


def _declare(commitment: Commitment, spec: Spec, at: datetime) -> None:
    me = actor(principal_of(spec), at=at)
    pack = law.pack(commitment.policy)
    values = {}
    for line in pack.commitment.lines:
        values[line.key] = {
            "yes-no": "yes",
            "number": ANSWERS["number"].get(line.key, "30"),
            "date": date(at.year + 3, 12, 31).isoformat(),
        }.get(line.kind, ANSWERS["text"].get(line.key, "见附件"))
    registry.save_draft(commitment_id=commitment.pk, values=values, positions=spec.positions, by=me, at=at)
    registry.submit(
        commitment_id=commitment.pk,
        accepted=[clause.key for clause in pack.commitment.clauses],
        signed_name=me.name,
        by=me,
        at=at + timedelta(hours=1),
    )


def _verify(commitment: Commitment, spec: Spec, at: datetime) -> None:
    officer = officer_of(spec)
    grant(officer, at=at)
    me = actor(officer, at=at)
    pack = law.pack(commitment.policy)
    found = {line.key: registry.FoundLine(finding="true") for line in pack.commitment.lines}
    registry.save_checks(commitment_id=commitment.pk, version=1, found=found, by=me, at=at)
    registry.sign_verification(
        commitment_id=commitment.pk,
        version=1,
        opinion="true",
        remark="现场与承诺一致。",
        visited_on=clock.legal_day(at),
        by=me,
        at=at + timedelta(hours=2),
    )


def _list(commitment: Commitment, at: datetime) -> None:
    notice = PublicNotice.objects.get(commitment=commitment)
    after = datetime.combine(notice.due_on + timedelta(days=1), at.time(), tzinfo=clock.CHINA)
    registry.close_notice(notice_id=notice.pk, at=after)
    upload = Upload.objects.get(commitment=commitment)
    registry.receive_receipt(
        request_id=upload.request_id,
        receipt_no=f"演示-RX-{commitment.organisation.credit_code[-6:]}",
        received_at=after,
        at=after,
    )


def found(spec: Spec) -> None:
    """Bring one institution to where it stands, unless it is known already."""
    if Organisation.objects.filter(credit_code=spec.credit_code).exists():
        return
    principal = principal_of(spec)
    account(principal, at=spec.applied)
    commitment = registry.apply(
        name=spec.name,
        credit_code=spec.credit_code,
        category=spec.category,
        division_code=spec.division,
        address=spec.address,
        legal_rep=principal.name,
        contact=principal.name,
        mobile=f"{NOBODYS_RANGE}9{spec.division}0",
        by=actor(principal, at=spec.applied),
        at=spec.applied,
    )
    _declare(commitment, spec, spec.applied)
    if spec.reaches == "submitted":
        return
    _verify(commitment, spec, spec.applied + timedelta(days=6))
    if spec.reaches == "listed":
        _list(commitment, spec.applied + timedelta(days=6))


def load() -> None:
    """Found the four, staff the one that trains, and let the second stop enrolling."""
    for spec in specs(clock.real_now()):
        found(spec)
    organisation = Organisation.objects.get(credit_code=LISTED.credit_code)
    for person in STAFF:
        grant(person, scope=str(organisation.pk), at=LISTED.applied)
    paused = Organisation.objects.get(credit_code=PAUSED.credit_code)
    if paused.state == "listed":
        at = _morning(2026, 3, 2)
        standing.stop_enrolling(organisation_id=paused.pk, by=actor(principal_of(PAUSED), at=at), at=at)


def institution(spec: Spec) -> Institution:
    """Return the institution that a listed one of the four has become."""
    found: Institution = Institution.objects.select_related("organisation").get(
        organisation__credit_code=spec.credit_code
    )
    return found
