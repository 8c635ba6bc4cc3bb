"""Pages of the bank for the province: positions with whole papers, and what the others lack."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.web.http import Request, page
from shared.policy.queries import packs as pack_queries

from . import queries, rules
from .tables import BlockTable, FeasibilityTable, KindTable


@access.requires(rules.looks_into)
@require_safe
def positions(request: Request) -> HttpResponse:
    """List every certified position with the papers that its items make."""
    pack = pack_queries.pack_at(request.now)
    names = {position.key: position.label for position in pack.certifiable}
    table = FeasibilityTable(queries.feasibilities(pack=pack), names=names)
    return page(request, "bank/positions.html", {"table": table, "demo": queries.holds_demo()})


@access.requires(rules.looks_into)
@require_safe
def position(request: Request, key: str) -> HttpResponse:
    """Show what there is for one position, kind by kind and block by block, and what is missing."""
    pack = pack_queries.pack_at(request.now)
    report = queries.feasibility_of(key, pack=pack)
    context = {
        "position": pack.position(key).label,
        "report": report,
        "kinds": KindTable(report.kinds),
        "blocks": BlockTable(report.blocks),
        "demo": queries.holds_demo(),
    }
    return page(request, "bank/position.html", context)
