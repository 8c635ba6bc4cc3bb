"""The board across institutions, and what a change of the law meets among the facts that they filed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.clock import legal_day
from kernel.db.statements import ask
from shared.filings.queries import facts as filing_queries
from shared.filings.values import Incident, Price, Sitting
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import organisations
from shared.lawbook.queries.caps import CapChange, cap_impact
from shared.policy.queries import impact as policy_impact
from shared.registry.queries import commitments

ROWS_PER_LIST = 10  # of each list its first rows: the whole list is one click away
SOON = timedelta(days=7)
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figures:
    """The board's numbers."""

    institutions: int
    overdue: int
    running: int
    soon: int
    serious: int
    classes: int
    prices: int


def figures(by: Actor, at: datetime) -> Figures:
    """Return the board's numbers at a moment."""
    return _figures(organisations.jurisdiction(by), at)


def _figures(covered: frozenset[str], at: datetime) -> Figures:
    return Figures(
        *ask(
            institution_listing_queries.institutions_listed(covered),
            commitments.verifications_overdue(covered, at),
            filing_queries.sittings_running(covered),
            filing_queries.sittings_ahead(covered, start=at, end=at + SOON),
            filing_queries.serious_incidents(covered, since=at - RECENT),
            filing_queries.classes_enrolling(covered, legal_day(at)),
            filing_queries.prices_in_force(covered),
        )
    )


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows: numbers, and the first rows of each list."""

    figures: Figures
    sittings: list[Sitting]
    incidents: list[Incident]
    prices: list[Price]


def board(by: Actor, at: datetime) -> Board:
    """Return the whole board in a fixed number of queries, however many institutions there are."""
    covered = organisations.jurisdiction(by)
    return Board(
        _figures(covered, at),
        filing_queries.first_sittings(covered, ROWS_PER_LIST),
        filing_queries.first_incidents(covered, ROWS_PER_LIST),
        filing_queries.first_prices(covered, ROWS_PER_LIST),
    )


@policy_impact.register_impact("fees", "positions")
def prices_in_force(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the published prices in force, as institutions have filed them."""
    yield policy_impact.ImpactItem(
        _("Published prices in force"),
        ask(filing_queries.prices_in_force(change.codes))[0],
        _("They stay as published; a price published from that day on needs an item of the new version."),
        reverse("oversight:prices", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
    )


@policy_impact.register_impact("test", "paper", "sitting", "clocks.result_confirmation_days", "positions")
def sittings_ahead(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the sittings filed for the day of a change or later, as institutions have filed them."""
    yield policy_impact.ImpactItem(
        _("Sittings filed for that day or later"),
        filing_queries.count_sittings_from(change.codes, change.on),
        _("They are held by the version under which they were filed."),
        reverse("oversight:sittings", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
    )


@cap_impact.connect()
def prices_of_a_ceiling(change: CapChange) -> Iterator[tuple[str, int]]:
    """Yield how many published prices a ceiling touches, and of how many institutions."""
    prices, institutions = filing_queries.count_prices(
        fee_item=change.fee_item,
        position=change.position,
        unit=change.unit,
        above=None if change.ends else change.ceiling,
        cap_id=change.ends,
    )
    yield "prices_under" if change.ends else "prices_above", prices
    yield "institutions", institutions
