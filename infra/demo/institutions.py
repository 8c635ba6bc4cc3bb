"""The eight institutions of the demonstration, one in each state of life: who they are and how far each has come."""

from dataclasses import dataclass
from datetime import datetime

from infra.demo.accounts import LAND, OFFICES, PLATFORM, SignIn, staff_of
from infra.demo.days import Days
from infra.demo.province import sign_in
from kernel import clock
from kernel.idnumbers import make_credit_code
from kernel.money import Money
from kernel.roles import Role
from shared.institutions.models import Institution

POSITIONS = ("SGY-TJ", "ZLY-TJ", "CLY")
OFFICERS = [one for one in (*PLATFORM, *OFFICES) if one.role == Role.CITY_OFFICER]
"""Those of the demonstration's places, in their order."""


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
    prices: tuple[Money, Money, Money]  # training, test, material
    positions: tuple[str, ...] = POSITIONS

    @property
    def principal(self) -> SignIn:
        """Return the sign-in of its principal."""
        return next(s for s in staff_of(self.key) if s.role == Role.PRINCIPAL)

    @property
    def office(self) -> SignIn:
        """Return the sign-in of the officer who answers for it."""
        return sign_in(self.officer)


PRICES = (Money(68000), Money(10000), Money(6000))  # training, test, material


def _spec(
    key: str, number: int, name: str, kind: str, body: str, category: str, place: int, county: int, street: str,
    state: str, prices: tuple[Money, Money, Money] = PRICES,
) -> Spec:  # fmt: skip
    """Return an institution in a county of the n-th place; whoever the pack says verifies its kind answers for it."""
    where, by_province = LAND.places[place], category in LAND.by_province
    code, county_name = where.county(county)
    officer = "province" if by_province else OFFICERS[place].key
    founded = LAND.jurisdiction if kind == "12" else where.code
    credit_code, address = make_credit_code(kind, founded, body), f"{where.name}{county_name}{street}"
    return Spec(key, number, name, credit_code, category, code, officer, address, state, prices)


LISTED = _spec(
    "listed", 1, f"{LAND.called('listed', 0)}演示培训学校", "52", "MJXA7D01", "social", 0, 0,
    "演示大道 8 号", "已公示 listed",
)  # fmt: skip
PAUSED = _spec(
    "paused", 2, f"{LAND.short}演示职业技术学院", "12", "MB0DEM02", "vocational-college", 0, 1,
    "演示学院路 1 号", "自行停招 not enrolling",
    prices=(Money(60000), Money(9000), Money(5000)),
)  # fmt: skip
NOTICE = _spec(
    "notice", 3, f"{LAND.called('notice', 3)}演示建筑行业协会培训中心", "51", "MJXA7D03", "association", 3, 0,
    "演示路 20 号", "公示中 public notice",
)  # fmt: skip
APPLYING = _spec(
    "applying", 4, f"{LAND.called('applying', 2)}演示建工集团培训中心", "91", "MAXG7D04", "enterprise", 2, 0,
    "演示街 5 号", "填报中 applying",
)  # fmt: skip
OVERDUE = _spec(
    "overdue", 5, f"{LAND.called('overdue', 0)}演示建筑工匠培训学校", "52", "MJXA7D05", "social", 0, 2,
    "演示巷 16 号", "核查逾期 overdue",
)  # fmt: skip
SUSPENDED = _spec(
    "suspended", 6, f"{LAND.called('suspended', 5)}演示职业培训学校", "52", "MJXA7D06", "social", 5, 0,
    "演示北路 33 号", "责令整改 suspended",
    prices=(Money(72000), Money(12000), Money(8000)),
)  # fmt: skip
REMOVED = _spec(
    "removed", 7, f"{LAND.called('removed', 4)}演示技能培训中心", "52", "MJXA7D07", "social", 4, 0,
    "演示南路 7 号", "已清出 removed",
    prices=(Money(79000), Money(12000), Money(9000)),
)  # fmt: skip
EXISTING = _spec(
    "existing", 8, f"{LAND.called('existing', 1)}演示建设职工培训中心", "51", "MJXA7D08", "enterprise", 1, 0,
    "演示中路 12 号", "现有机构自查 self-check",
    prices=(Money(64000), Money(10000), Money(6000)),
)  # fmt: skip
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
