"""An institution's public page: its standing, and the classes it offers now with prices under their ceilings."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel import tenancy
from kernel.clock import legal_day
from kernel.money import Money
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import organisations, standings
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue

from .. import methods
from .prices import PriceValue, on_sale


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class with its prices."""

    training_class: catalogue.ClassValue
    position: str
    prices: tuple[PriceValue, ...]
    enrolling: bool
    state: str

    @property
    def total(self) -> Money:
        """Return what enrolling costs altogether."""
        return methods.total([price.total for price in self.prices])

    @property
    def can_apply(self) -> bool:
        """Say whether somebody could enrol now: open and not over, priced, with a seat, the standing allowing it."""
        return self.enrolling and bool(self.prices) and self.training_class.free_seats > 0


@dataclass(frozen=True, slots=True)
class Storefront:
    """The content of the public page."""

    institution: institution_listing_queries.InstitutionValue
    standing: standings.StandingValue
    address: str
    cards: tuple[ClassCard, ...]


def _position_names(at: datetime) -> dict[str, str]:
    return {position.key: position.label for position in pack_queries.positions(at, legacy=True)}


def standing(at: datetime) -> standings.StandingValue:
    """Return the standing of the open institution."""
    return standings.standing(tenancy.institution_id(), at)


def storefront(at: datetime) -> Storefront:
    """Return the open institution's public page; classes only where it may enrol now."""
    institution = institution_listing_queries.institution(tenancy.institution_id())
    now = standing(at)
    cards = _cards(catalogue.enrolling_classes(legal_day(at)), now, at) if now.may_enrol else ()
    address = organisations.organisation(institution.organisation_id).address
    return Storefront(institution, now, address, cards)


def _cards(
    training_classes: Sequence[catalogue.ClassValue], now: standings.StandingValue, at: datetime
) -> tuple[ClassCard, ...]:
    prices = on_sale([training_class.id for training_class in training_classes], at)
    names, day = _position_names(at), legal_day(at)
    return tuple(
        ClassCard(
            training_class,
            names.get(training_class.position, training_class.position),
            tuple(prices.get(training_class.id, ())),
            now.may_enrol and training_class.enrols_on(day),
            training_class.label_on(day),
        )
        for training_class in training_classes
    )


def class_card(class_id: uuid.UUID, at: datetime) -> ClassCard:
    """Return a class that was opened, with its prices; refuses (NotFound) others."""
    return _cards([catalogue.training_class(class_id)], standing(at), at)[0]
