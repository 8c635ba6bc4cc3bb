"""Offers of an enrolment entry: announced institutions with positions, stars, prices and their classes' address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.money import Money
from shared.filings.queries import facts as filing_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.states import Standing
from shared.policy.queries import packs as pack_queries


@dataclass(frozen=True, slots=True)
class Offer:
    """One announced institution as an enrolment entry shows it."""

    credit_code: str
    name: str
    slug: str
    standing: str
    may_enrol: bool
    positions: tuple[str, ...]
    position_names: tuple[str, ...]
    stars: int | None
    star_year: int | None
    prices: Mapping[str, Money]
    classes_url: str

    @property
    def prices_fen(self) -> dict[str, int]:
        """Return the prices in fen, by position."""
        return {key: price.fen for key, price in self.prices.items()}

    @property
    def lowest(self) -> Money | None:
        """Return the lowest price, None where none is published."""
        return min(self.prices.values(), default=None)


def offers(at: datetime) -> list[Offer]:
    """Return the institutions on the list at `at`, the best rated first; three questions however many they are."""
    rows = institution_listing_queries.listed(at)
    names = {p.key: p.label for p in pack_queries.pack_at(at).positions}
    prices = filing_queries.current_prices([row.id for row in rows], at)
    result = [
        Offer(
            credit_code=row.credit_code,
            name=row.name,
            slug=row.slug,
            standing=str(Standing(row.state).label),
            may_enrol=row.state == Standing.LISTED and row.ready,
            positions=row.positions,
            position_names=tuple(str(names.get(key, key)) for key in row.positions),
            stars=row.stars,
            star_year=row.star_year,
            prices=prices.get(row.id, {}),
            classes_url=institution_listing_queries.address_of(row.slug),
        )
        for row in rows
    ]
    return sorted(result, key=lambda o: (not o.may_enrol, -(o.stars or 0)))  # else by name, as they are listed
