"""The authority's desk and board: what waits, and what institutions have told."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from kernel import access
from kernel.http import Request, page

from . import queries, rules
from .tables import IncidentTable, PriceTable, SittingTable, Told


@access.requires(rules.regulates)
@require_GET
def desk(request: Request) -> HttpResponse:
    """Show what waits for this officer or inspector, oldest clock first; figures below."""
    todos = queries.desk(request.actor, request.now)
    shown = {"todos": todos, "figures": queries.figures(request.actor, request.now)}
    return page(request, "oversight/desk.html", shown)


@access.requires(rules.regulates)
@require_GET
def board(request: Request) -> HttpResponse:
    """Show the board across institutions: what goes on, what happened, what is charged."""
    told = queries.board(request.actor, request.now)
    shown = {
        "figures": told.figures,
        "sittings": SittingTable(told.sittings, at=request.now),
        "incidents": IncidentTable(told.incidents, at=request.now),
        "prices": PriceTable(told.prices, at=request.now),
    }
    return page(request, "oversight/board.html", shown)


def _list(request: Request, table: Told, kind: str) -> HttpResponse:
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return page(request, "oversight/list.html", {"table": table, "kind": kind})


@access.requires(rules.regulates)
@require_GET
def sittings(request: Request) -> HttpResponse:
    """Show all told sittings."""
    return _list(request, SittingTable(queries.sittings(request.actor), at=request.now), "sittings")


@access.requires(rules.regulates)
@require_GET
def incidents(request: Request) -> HttpResponse:
    """Show all told incidents."""
    return _list(request, IncidentTable(queries.incidents(request.actor), at=request.now), "incidents")


@access.requires(rules.regulates)
@require_GET
def prices(request: Request) -> HttpResponse:
    """Show all told prices."""
    return _list(request, PriceTable(queries.prices(request.actor), at=request.now), "prices")
