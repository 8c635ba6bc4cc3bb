"""Facts that institutions filed, as the apps above read them."""

from dataclasses import dataclass
from datetime import datetime

from kernel.money import Money
from kernel.states import Badge
from shared.policy.states import Unit

from .states import SEVERITY_TONES, SITTING_TONES, Severity, SittingState


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
