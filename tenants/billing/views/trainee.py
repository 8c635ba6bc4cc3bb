"""A trainee's orders: reserve and order, pay online, come back, the receipt, withdraw."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import access
from kernel.web.http import Request, address, page
from kernel.web.repeats import once
from tenants.rosters.queries import enrolments as enrolment_queries

from .. import adapters, documents
from ..operations import checkouts, orders, payable
from ..queries import orders as order_queries
from ..queries import receipts


@access.signed_in
@require_POST
@once
def order_new(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Reserve the seat of one's own enrolment and place its order."""
    enrolment_queries.own_enrolment(enrolment_id, by=request.actor)
    order = orders.place_order(enrolment_id=enrolment_id, by=request.actor, at=request.now)
    return redirect("billing:my-order", order_id=order.pk)


@access.signed_in
@require_POST
@once
def withdrawal(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Withdraw one's own enrolment."""
    enrolment_queries.own_enrolment(enrolment_id, by=request.actor)
    orders.withdraw(enrolment_id=enrolment_id, why=_("Withdrawn by the trainee"), by=request.actor, at=request.now)
    messages.success(request, _("You have withdrawn. The seat is free for somebody else."))
    return redirect(address("my"))


@access.signed_in
@require_safe
def order(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Show one's own order: lines under their ceilings, how to pay, payments with receipts."""
    row = order_queries.order_for(order_id, by=request.actor)
    context = {
        "order": order_queries.order_value(row),
        "refusal": payable.payment_refusal(row, request.now),
        "replaceable": payable.ceiling_refusal(row, request.now) is not None,
        "online": adapters.available(),
    }
    return page(request, "billing/my_order.html", context)


@access.signed_in
@require_POST
def checkout(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Go to the payment page."""
    back = request.build_absolute_uri(reverse("billing:return", args=[order_id]))
    try:
        url = checkouts.start_checkout(order_id=order_id, return_url=back, by=request.actor, at=request.now)
    except checkouts.PaymentInProgress:
        return redirect(back)
    return redirect(url)


@access.signed_in
@require_safe
def payment_return(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Say what the payment service itself answers; the browser's return proves nothing."""
    arrival = checkouts.check_payment(order_id=order_id, by=request.actor, at=request.now)
    order = order_queries.order_value(order_queries.order_for(order_id, by=request.actor))
    if not order.open and not order.is_paid:
        return redirect("billing:my-order", order_id=order_id)
    return page(request, "billing/payment_return.html", {"order": order, "arrival": arrival, "title": arrival.label})


@access.signed_in
@require_safe
def receipt(request: Request, payment_id: uuid.UUID) -> HttpResponse:
    """Send the receipt of one's own payment as PDF."""
    return receipt_response(request, receipts.receipt(payment_id, by=request.actor), payment_id)


def receipt_response(request: Request, value: receipts.ReceiptValue, payment_id: uuid.UUID) -> HttpResponse:
    """Return a receipt's PDF, shown in place."""
    address = request.build_absolute_uri(reverse("billing:receipt-check", args=[payment_id]))
    answer = HttpResponse(documents.receipt_pdf(value, address=address), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{value.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
