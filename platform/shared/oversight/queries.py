"""Reads of filed facts: within the reader's jurisdiction, never inside an institution's schema."""

import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import later
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.money import Money
from shared.exchange import queries as exchange
from shared.identity import queries as identity
from shared.identity.queries import Todo
from shared.institutions import queries as institutions
from shared.policy import queries as policy
from shared.policy.states import DraftState
from shared.registry import queries as registry

from .models import FiledSitting, PublishedPrice, ReportedIncident
from .states import LIVE, UPCOMING, Severity

ROWS_PER_LIST = 20
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
    prices: int


def _within(rows: QuerySet[Any], covered: frozenset[str]) -> QuerySet[Any]:
    """Keep the facts filed by institutions that answer to one of the authorities `covered`."""
    facts = rows.select_related("institution")
    return facts.filter(institution__organisation__authority_code__in=covered)


def _sittings(covered: frozenset[str]) -> QuerySet[FiledSitting]:
    rank = Case(When(state__in=LIVE, then=0), When(state__in=UPCOMING, then=1), default=2, output_field=IntegerField())
    starts_ahead = Case(When(state__in=(*LIVE, *UPCOMING), then=F("starts_at")), default=Value(None))
    rows = _within(FiledSitting.objects.all(), covered)
    return rows.order_by(rank, starts_ahead.asc(nulls_last=True), "-starts_at", "id")


def _first_sittings(covered: frozenset[str], number: int) -> list[FiledSitting]:
    """Return the first sittings of the list. Those that go on or are ahead are few and come first: only what room they
    leave is looked for in the past, newest first.
    """
    rows = _sittings(covered)
    first = list(rows.filter(state__in=(*LIVE, *UPCOMING))[:number])
    room = number - len(first)
    past = rows.exclude(state__in=(*LIVE, *UPCOMING)).order_by("-starts_at", "id")
    return [*first, *(past[:room] if room else ())]


def _incidents(covered: frozenset[str]) -> QuerySet[ReportedIncident]:
    return _within(ReportedIncident.objects.all(), covered).order_by("-happened_at", "id")


def _prices(covered: frozenset[str]) -> QuerySet[PublishedPrice]:
    return _within(PublishedPrice.objects.select_related("cap"), covered).order_by("-published_at", "id")


def sittings(by: Actor) -> QuerySet[FiledSitting]:
    """Return filed sittings within the jurisdiction of `by` (a province sees all below it): those going on first, then
    those ahead by their start, then the past, newest first."""
    return _sittings(institutions.jurisdiction(by))


def incidents(by: Actor) -> QuerySet[ReportedIncident]:
    """Return reported incidents within the jurisdiction of `by`, newest first."""
    return _incidents(institutions.jurisdiction(by))


def prices(by: Actor) -> QuerySet[PublishedPrice]:
    """Return published prices with their ceilings within the jurisdiction of `by`, newest first."""
    return _prices(institutions.jurisdiction(by))


def figures(by: Actor, at: datetime) -> Figures:
    """Return the board's numbers at a moment."""
    return _figures(institutions.jurisdiction(by), at)


def _figures(covered: frozenset[str], at: datetime) -> Figures:
    sittings = (
        _sittings(covered).order_by().filter(state__in=(*LIVE, *UPCOMING))
    )  # the past is most of what was ever told
    running = Count("id", filter=Q(state__in=LIVE))
    soon = Count("id", filter=Q(state__in=UPCOMING, starts_at__gte=at, starts_at__lt=at + SOON))
    counts = sittings.aggregate(running=running, soon=soon)
    serious = _incidents(covered).filter(severity=Severity.SERIOUS, happened_at__gte=at - RECENT).count()
    prices = _prices(covered).filter(in_force=True).count()
    overdue = registry.overdue_verifications(covered, at)
    return Figures(institutions.listed_count(covered), overdue, counts["running"], counts["soon"], serious, prices)


@dataclass(frozen=True, slots=True)
class Board:
    """What the board shows: numbers, and the first rows of each list."""

    figures: Figures
    sittings: list[FiledSitting]
    incidents: list[ReportedIncident]
    prices: list[PublishedPrice]


def board(by: Actor, at: datetime) -> Board:
    """Return the whole board in a fixed number of queries, however many institutions there are."""
    covered = institutions.jurisdiction(by)
    return Board(
        _figures(covered, at),
        _first_sittings(covered, ROWS_PER_LIST),
        list(_incidents(covered)[:ROWS_PER_LIST]),
        list(_prices(covered)[:ROWS_PER_LIST]),
    )


def desk(by: Actor, at: datetime) -> list[Todo]:
    """Return what waits for an officer or inspector, as every app reports it; the most urgent first."""
    weight = {"bad": 0, "warn": 1}
    return sorted(identity.todos(by, at), key=lambda todo: weight.get(todo.tone, 2))


def prices_of(institution_id: Any) -> QuerySet[PublishedPrice]:
    """Return an institution's published prices in force, for everybody to see."""
    rows = PublishedPrice.objects.filter(institution=institution_id, in_force=True).select_related("cap")
    return rows.order_by("position", "fee_item", "-published_at")


def periodic_task(name: str) -> Callable[..., Any]:
    """Return a periodic task by name; refuses (NotFound) a name that nobody registered."""
    if name not in later.periodic_tasks:
        raise NotFound
    return later.periodic_tasks[name].run


@exchange.price_source
def current_prices(institution_ids: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, dict[str, Money]]:
    """Return what each institution asks now for the least dear of its classes, all fee items together, by position."""
    rows = PublishedPrice.objects.filter(institution_id__in=institution_ids, in_force=True, published_at__lte=at)
    classes = rows.order_by().values_list("institution_id", "position", "class_id").annotate(total=Sum("amount"))
    prices: dict[uuid.UUID, dict[str, Money]] = {}
    for institution_id, position, _class_id, total in classes:
        price = total if isinstance(total, Money) else Money(int(total))
        by_position = prices.setdefault(institution_id, {})
        by_position[position] = min(price, by_position.get(position, price))
    return prices


@identity.todo_source
def drafts_to_decide(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the drafts of the next version that wait for this officer: to decide on, or to correct."""
    for row in policy.drafts_waiting_for(by):
        page = reverse("policy:draft", args=[row.pk], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        if row.state == DraftState.SUBMITTED:
            detail = str(_("Submitted by %(name)s. Whoever wrote nothing in it decides.")) % {"name": row.last_author}
            title, button = _("Decide on a draft of the rules"), _("Look and decide")
        else:
            detail = str(_("A second officer has returned it with a reason."))
            title, button = _("Correct a draft of the rules"), _("Correct")
        yield Todo(title, page, button, detail, tone="warn", icon="scale")


@policy.register_impact("fees", "positions")
def prices_in_force(change: policy.Change) -> Iterator[policy.ImpactItem]:
    """Yield the published prices in force, as institutions have filed them."""
    rows = PublishedPrice.objects.filter(institution__organisation__authority_code__in=change.codes, in_force=True)
    yield policy.ImpactItem(
        _("Published prices in force"),
        rows.count(),
        _("They stay as published; a price published from that day on needs an item of the new version."),
        reverse("oversight:prices", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
    )


@policy.register_impact("test", "paper", "sitting", "clocks.result_confirmation_days", "positions")
def sittings_ahead(change: policy.Change) -> Iterator[policy.ImpactItem]:
    """Yield the sittings filed for the day of a change or later, as institutions have filed them."""
    rows = FiledSitting.objects.filter(institution__organisation__authority_code__in=change.codes)
    ahead = rows.filter(state__in=(*UPCOMING, *LIVE), starts_at__date__gte=change.on)
    yield policy.ImpactItem(
        _("Sittings filed for that day or later"),
        ahead.count(),
        _("They are held by the version under which they were filed."),
        reverse("oversight:sittings", urlconf=settings.PUBLIC_SCHEMA_URLCONF),
    )
