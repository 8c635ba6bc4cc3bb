"""The authority's desk and board: what waits, and the facts that institutions filed."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.tables import ValueRows, paged
from kernel.values import ValueList
from kernel.web.http import Request, page
from shared.filings.queries import classes as class_queries
from shared.filings.queries import facts as filing_queries
from shared.policy.queries import packs as pack_queries

from . import queries, rules
from .forms import ClassListForm
from .tables import ClassTable, FactTable, IncidentTable, PriceTable, SittingTable


@access.requires(rules.regulates)
@require_safe
def board(request: Request) -> HttpResponse:
    """Show the board across institutions: what goes on, what happened, what is charged."""
    rows, pack = queries.board(request.actor, request.now), pack_queries.pack_at(request.now)
    context = {
        "figures": rows.figures,
        "sittings": SittingTable(rows.sittings, pack=pack),
        "incidents": IncidentTable(rows.incidents, pack=pack),
        "prices": PriceTable(rows.prices, pack=pack),
    }
    return page(request, "oversight/board.html", context)


def _list(request: Request, table: type[FactTable], rows: ValueList[Any], kind: str) -> HttpResponse:
    shown = paged(request, table(ValueRows(rows), pack=pack_queries.pack_at(request.now)))
    return page(request, "oversight/list.html", {"table": shown, "kind": kind})


@access.requires(rules.regulates)
@require_safe
def sittings(request: Request) -> HttpResponse:
    """Show all filed sittings."""
    return _list(request, SittingTable, filing_queries.sittings(request.actor), "sittings")


@access.requires(rules.regulates)
@require_safe
def incidents(request: Request) -> HttpResponse:
    """Show all filed incidents."""
    return _list(request, IncidentTable, filing_queries.incidents(request.actor), "incidents")


@access.requires(rules.regulates)
@require_safe
def prices(request: Request) -> HttpResponse:
    """Show all filed prices."""
    return _list(request, PriceTable, filing_queries.prices(request.actor), "prices")


@access.requires(rules.regulates)
@require_safe
def classes(request: Request) -> HttpResponse:
    """Show all filed classes, as the form above narrows them."""
    pack = pack_queries.pack_at(request.now)
    form = ClassListForm(request.GET, pack=pack)
    rows = class_queries.classes_filed(request.actor, **form.chosen())
    table = paged(request, ClassTable(ValueRows(rows), pack=pack))
    return page(request, "oversight/list.html", {"table": table, "kind": "classes", "filter": {"form": form}})
