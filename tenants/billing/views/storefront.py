"""An institution's public page, and the check of a receipt."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.shared_pages import everybody
from kernel.web.http import Request, page
from tenants.rosters.queries import enrolments as enrolment_queries

from ..queries import editions as billing_editions
from ..queries import receipts
from ..queries import storefront as storefront_queries


@access.public
@require_safe
@everybody(lambda: billing_editions.window_rows())
def home(request: Request) -> HttpResponse:
    """Show the institution's standing, what it offers now, and how to enrol."""
    return page(request, "billing/storefront.html", {"storefront": storefront_queries.storefront(request.now)})


@access.public
@require_safe
@everybody(lambda class_id: billing_editions.window_rows())
def training_class(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show a class with its prices under their ceilings."""
    person_id = request.actor.person_id
    context = {
        "card": storefront_queries.class_card(class_id, request.now),
        "standing": storefront_queries.standing(request.now),
        "own": enrolment_queries.enrolment_of_class(class_id, person_id=person_id) if person_id else None,
    }
    return page(request, "billing/class.html", context)


@access.public
@require_safe
def receipt(request: Request, payment_id: uuid.UUID) -> HttpResponse:
    """Say what a receipt with this code says: number, day, amount, and the payer's name masked."""
    return page(request, "billing/receipt_check.html", {"receipt": receipts.receipt(payment_id, by=None)})
