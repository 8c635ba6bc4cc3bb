"""Public pages: the enrolment entry and the formats; for the training centre: its messages and their answers."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.http import Request, page

from .. import rules
from ..queries import offers
from ..queries import pages as exchange_pages
from ..queries.systems import named_system, named_systems
from ..states import CENTRE
from ..tables import CentreArrivalTable, OfferTable

INBOUND_PROTOCOL = 'POST {"id", "as_of", "body"} → 202 {"received", "id", "state", "answer"}; GET …/<id>/'
OUTBOUND_PROTOCOL = (
    'POST {"request_id", "as_of", …} → 202 {"accepted"}; GET …/<id>/ → 200 | 404; GET …/?since= → {"items"}'
)


@access.public
@require_safe
def entry(request: Request) -> HttpResponse:
    """List the announced institutions with what one chooses by, and lead to their open classes."""
    table = paged(request, OfferTable(offers.offers(request.now)))
    context = {"table": table, "centre": named_system(CENTRE)}
    return page(request, "exchange/entry.html", context)


@access.public
@require_safe
def formats(request: Request) -> HttpResponse:
    """Show the formats of all messages: this platform's own, until the official ones are known."""
    context = {
        "systems": named_systems(),
        "outbound_formats": exchange_pages.outbound_formats(),
        "inbound_formats": exchange_pages.inbound_formats(),
        "inbound_protocol": INBOUND_PROTOCOL,
        "outbound_protocol": OUTBOUND_PROTOCOL,
        "retry_schedule": settings.NUOXING_EXCHANGE_RETRY_SCHEDULE,
        "days": settings.NUOXING_EXCHANGE_RECONCILE_DAYS,
    }
    return page(request, "exchange/formats.html", context)


@access.requires(rules.forwards)
@require_safe
def centre(request: Request) -> HttpResponse:
    """Show the training centre the enrolments that it sent on, and the exact answers."""
    table = paged(request, CentreArrivalTable(exchange_pages.arrivals_from(CENTRE)))
    context = {"system": named_system(CENTRE), "table": table}
    return page(request, "exchange/centre.html", context)
