"""The eight institutions of the demonstration, one in each state of life: who they are and how far each has come."""

from dataclasses import dataclass
from datetime import datetime

from infra.demo.accounts import SignIn, staff_of
from infra.demo.days import Days
from infra.demo.province import sign_in
from kernel import clock
from kernel.idnumbers import make_credit_code
from kernel.money import Money
from kernel.roles import Role
from shared.institutions.models import Institution

POSITIONS = ("SGY-TJ", "ZLY-TJ", "CLY")


@dataclass(frozen=True, slots=True)
class Spec:
    """One institution of the demonstration: what it is, who verifies it, what it charges, where it stands."""

    key: str
    number: int  # in certificates' numbers and receipts of the demonstration
    name: str
    credit_code: str
    category: str
    division: str
    officer: str  # the key of the sign-in that answers for it
    address: str
    state: str  # in words, for the table of sign-ins
    prices: tuple[Money, Money, Money] = (Money(68000), Money(10000), Money(6000))  # training, test, material
    positions: tuple[str, ...] = POSITIONS

    @property
    def principal(self) -> SignIn:
        """Return the sign-in of its principal."""
        return next(s for s in staff_of(self.key) if s.role == Role.PRINCIPAL)

    @property
    def office(self) -> SignIn:
        """Return the sign-in of the officer who answers for it."""
        return sign_in(self.officer)


def _code(kind: str, division: str, body: str) -> str:
    return make_credit_code(kind, division, body)


LISTED = Spec(
    "listed",
    1,
    "豫章演示培训学校",
    _code("52", "360100", "MJXA7D01"),
    "social",
    "360111",
    "city",
    "南昌市青山湖区演示大道 8 号",
    "已公示 listed",
)
PAUSED = Spec(
    "paused",
    2,
    "江西演示职业技术学院",
    _code("12", "360000", "MB0DEM02"),
    "vocational-college",
    "360112",
    "province",
    "南昌市新建区演示学院路 1 号",
    "自行停招 not enrolling",
    (Money(60000), Money(9000), Money(5000)),
)
NOTICE = Spec(
    "notice",
    3,
    "赣州演示建筑行业协会培训中心",
    _code("51", "360700", "MJXA7D03"),
    "association",
    "360702",
    "ganzhou",
    "赣州市章贡区演示路 20 号",
    "公示中 public notice",
)
APPLYING = Spec(
    "applying",
    4,
    "九江演示建工集团培训中心",
    _code("91", "360400", "MAXG7D04"),
    "enterprise",
    "360403",
    "jiujiang",
    "九江市浔阳区演示街 5 号",
    "填报中 applying",
)
OVERDUE = Spec(
    "overdue",
    5,
    "南昌演示建筑工匠培训学校",
    _code("52", "360100", "MJXA7D05"),
    "social",
    "360104",
    "city",
    "南昌市青云谱区演示巷 16 号",
    "核查逾期 overdue",
)
SUSPENDED = Spec(
    "suspended",
    6,
    "上饶演示职业培训学校",
    _code("52", "361100", "MJXA7D06"),
    "social",
    "361102",
    "shangrao",
    "上饶市信州区演示北路 33 号",
    "责令整改 suspended",
    (Money(72000), Money(12000), Money(8000)),
)
REMOVED = Spec(
    "removed",
    7,
    "吉安演示技能培训中心",
    _code("52", "360800", "MJXA7D07"),
    "social",
    "360802",
    "jian",
    "吉安市吉州区演示南路 7 号",
    "已清出 removed",
    (Money(79000), Money(12000), Money(9000)),
)
EXISTING = Spec(
    "existing",
    8,
    "景德镇演示建设职工培训中心",
    _code("51", "360200", "MJXA7D08"),
    "enterprise",
    "360203",
    "jingdezhen",
    "景德镇市珠山区演示中路 12 号",
    "现有机构自查 self-check",
    (Money(64000), Money(10000), Money(6000)),
)
ALL = (LISTED, PAUSED, NOTICE, APPLYING, OVERDUE, SUSPENDED, REMOVED, EXISTING)
TRAINING = (LISTED, EXISTING, PAUSED, SUSPENDED, REMOVED)
"""Those that have a place of work, in the order in which the demonstration trains."""


def _morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=clock.CHINA)


def registration_time(spec: Spec, days: Days) -> datetime:
    """Return when an institution came to the platform; those on their way are always of these days."""
    moments = {
        "listed": lambda: _morning(2023, 2, 1),
        "paused": lambda: _morning(2023, 3, 6),
        "suspended": lambda: _morning(2023, 4, 10),
        "removed": lambda: _morning(2023, 5, 8),
        "existing": lambda: days.of(-110),
        "notice": lambda: days.working_days_ago(26),
        "overdue": lambda: days.working_days_ago(16),
        "applying": lambda: days.working_days_ago(3),
    }
    return moments[spec.key]()


def institution(spec: Spec) -> Institution:
    """Return the institution that a listed one of the eight has become."""
    row: Institution = Institution.objects.select_related("organisation").get(
        organisation__credit_code=spec.credit_code
    )
    return row
