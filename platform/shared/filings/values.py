"""Facts that institutions filed, as the apps above read them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from kernel.money import Money
from kernel.states import Badge
from shared.policy.states import Unit

from .states import CLASS_TONES, SEVERITY_TONES, SITTING_TONES, ClassState, Severity, SittingState


@dataclass(frozen=True, slots=True)
class Sitting:
    """A filed sitting, and where it stands."""

    institution_name: str
    institution_slug: str
    position: str
    starts_at: datetime
    site: str
    candidates: int
    state: str

    @property
    def badge(self) -> Badge:
        """Return its state in words, with its tone."""
        state = SittingState(self.state)
        return Badge(state.label, SITTING_TONES[state])


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident that the authority must know."""

    institution_name: str
    institution_slug: str
    happened_at: datetime
    severity: str
    words: str

    @property
    def badge(self) -> Badge:
        """Return its severity in words, with its tone."""
        severity = Severity(self.severity)
        return Badge(severity.label, SEVERITY_TONES[severity])


@dataclass(frozen=True, slots=True)
class PriceUnderCap:
    """A price under its ceiling as components/price_under_cap.html shows it, in the active language."""

    amount: Money
    ceiling: Money | None
    basis: str
    demo: bool
    unit: str


@dataclass(frozen=True, slots=True)
class Price:
    """A published price with its ceiling."""

    institution_name: str
    institution_slug: str
    position: str
    class_name: str
    fee_item: str
    published_at: datetime
    amount: Money
    cap_ceiling: Money | None
    cap_document: str
    cap_demo: bool
    unit: str

    @property
    def under_cap(self) -> PriceUnderCap:
        """Return it as pages show it."""
        unit = str(Unit(self.unit).label)
        return PriceUnderCap(self.amount, self.cap_ceiling, self.cap_document, self.cap_demo, unit)


def class_badge(state: str) -> Badge:
    """Return a class's state in words, with its tone."""
    known = ClassState(state)
    return Badge(known.label, CLASS_TONES[known])


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A filed class, and where it stands."""

    institution_name: str
    institution_slug: str
    name: str
    position: str
    starts_on: date
    ends_on: date
    seats: int
    free: int
    state: str

    @property
    def badge(self) -> Badge:
        """Return its state in words, with its tone."""
        return class_badge(self.state)


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """What a class asks for a fee item, under the ceiling that is in force."""

    fee_item: str
    label: str
    unit: str
    quantity: int
    amount: Money
    ceiling: Money | None
    basis: str
    demo: bool

    @property
    def total(self) -> Money:
        """Return what the item costs altogether."""
        return self.amount * self.quantity

    @property
    def under_cap(self) -> PriceUnderCap:
        """Return it as pages show it."""
        return PriceUnderCap(self.amount, self.ceiling, self.basis, self.demo, str(Unit(self.unit).label))


@dataclass(frozen=True, slots=True)
class Offerer:
    """The institution that offers a class: who, where to find it, how it stands and was rated."""

    name: str
    slug: str
    standing: str
    may_enrol: bool
    stars: int | None
    star_year: int | None
    star_count: int

    @property
    def star_badge(self) -> dict[str, object]:
        """Return its stars as components/stars.html shows them."""
        value = {"value": self.stars, "n": self.star_count, "year": self.star_year, "score": None}
        return value | {"response_rate": None, "method": "", "distribution": []}


@dataclass(frozen=True, slots=True)
class Offer:
    """A class with its prices and free places, as whoever looks for one sees it; `url` is its page at the institution.

    `enrolling` says whether it takes enrolments: the class is open and not over, and its institution may enrol.
    """

    id: uuid.UUID
    name: str
    position: str
    position_label: str
    programme: str
    class_hours: int
    division_code: str
    area: str
    place: str
    starts_on: date
    ends_on: date
    enrols_until: date
    seats: int
    free: int
    state: str
    enrolling: bool
    institution: Offerer
    prices: tuple[OfferedPrice, ...]
    url: str

    @property
    def total(self) -> Money | None:
        """Return what enrolling costs altogether, None where no price is published."""
        return sum((price.total for price in self.prices), Money(0)) if self.prices else None

    @property
    def is_demo(self) -> bool:
        """Say whether a ceiling is an invented figure of the demonstration."""
        return any(price.demo for price in self.prices)

    @property
    def can_enrol(self) -> bool:
        """Say whether somebody could enrol now: it takes enrolments, asks a price and has a free place."""
        return self.enrolling and bool(self.prices) and self.free > 0

    @property
    def badge(self) -> Badge:
        """Return its state in words, with its tone."""
        return class_badge(self.state)
