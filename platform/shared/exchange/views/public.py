"""For everybody: the enrolment entry and the formats; for the training centre: what it sent and what became of it."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kernel import access
from kernel.http import Request, page

from .. import queries, rules
from ..states import CENTRE, SYSTEMS

WIRE_IN = 'POST {"id", "as_of", "body"} → 202 {"received", "id", "state", "answer"}; GET …/<id>/'
WIRE_OUT = 'POST {"request_id", "as_of", …} → 202 {"accepted"}; GET …/<id>/ → 200 | 404; GET …/?since= → {"items"}'


@access.public
@require_GET
def entry(request: Request) -> HttpResponse:
    """List the announced institutions with what one chooses by, and lead to their open classes."""
    shown = {"offers": queries.offers(request.now), "centre": SYSTEMS[CENTRE]}
    return page(request, "exchange/entry.html", shown)


@access.public
@require_GET
def formats(request: Request) -> HttpResponse:
    """Show the formats of all messages: this platform's own, until the official ones are known."""
    shown = {
        "systems": SYSTEMS.values(),
        "outgoing": queries.formats_out(),
        "incoming": queries.formats_in(),
        "wire_in": WIRE_IN,
        "wire_out": WIRE_OUT,
        "ladder": settings.NUOXING_EXCHANGE_LADDER,
        "days": settings.NUOXING_EXCHANGE_RECONCILE_DAYS,
    }
    return page(request, "exchange/formats.html", shown)


@access.requires(rules.forwards)
@require_GET
def centre(request: Request) -> HttpResponse:
    """Show the training centre the enrolments that it sent on, and the exact answers."""
    shown = {"system": SYSTEMS[CENTRE], "arrivals": queries.arrivals_from(CENTRE)}
    return page(request, "exchange/centre.html", shown)
