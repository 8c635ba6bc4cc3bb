"""Facts that institutions filed, as the apps above read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.states import Badge


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
    badge: Badge


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident that the authority must know."""

    institution_name: str
    institution_slug: str
    happened_at: datetime
    severity: str
    badge: Badge
    words: str


@dataclass(frozen=True, slots=True)
class Price:
    """A published price; `badge` is the price under its ceiling as components/price_under_cap.html shows it."""

    institution_name: str
    institution_slug: str
    position: str
    class_name: str
    fee_item: str
    published_at: datetime
    badge: dict[str, Any]
