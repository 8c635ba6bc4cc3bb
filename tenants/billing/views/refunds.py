"""Acts of the cashier on refunds: paying back, what stands in place of one that failed, closing what is kept."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import access
from kernel.web.forms import ReasonForm, submit
from kernel.web.http import Request
from kernel.web.repeats import once

from .. import rules
from ..forms import RefundForm, ReplacementForm
from ..operations import refunds
from ..queries import orders as order_queries
from ..queries import refunds as refund_queries
from .cashier import order_page


@access.requires(rules.cashier)
@require_POST
@once
def make_refund(request: Request, payment_id: uuid.UUID) -> HttpResponse:
    """Pay back part or all of a payment."""
    payment = order_queries.payment_row(payment_id)
    form = RefundForm(request.POST)
    if submit(
        form,
        lambda: refunds.refund(payment_id=payment_id, **form.cleaned_data, by=request.actor, at=request.now),
        shown=payment.refunded_amount < payment.amount,
    ):
        messages.success(request, _("The refund is written down."))
        return redirect("billing:order", order_id=payment.order_id)
    return order_page(request, payment.order_id, form, payment_id)


@access.requires(rules.cashier)
@require_POST
@once
def replacement(request: Request, refund_id: uuid.UUID) -> HttpResponse:
    """Pay back, another way or online once more, in place of a refund that failed."""
    failed = refund_queries.refund_row(refund_id)
    form = ReplacementForm(request.POST)
    if submit(
        form,
        lambda: refunds.refund(
            payment_id=failed.payment_id,
            instead_of=refund_id,
            **form.cleaned_data,
            by=request.actor,
            at=request.now,
        ),
        shown=refund_queries.undecided(failed),
    ):
        messages.success(request, _("The refund is written down."))
        return redirect("billing:order", order_id=failed.payment.order_id)
    return order_page(request, failed.payment.order_id, form, refund_id)


@access.requires(rules.cashier)
@require_POST
@once
def dismissal(request: Request, refund_id: uuid.UUID) -> HttpResponse:
    """Decide that nothing goes back in place of a refund that failed."""
    failed = refund_queries.refund_row(refund_id)
    form = ReasonForm(request.POST)
    if submit(
        form,
        lambda: refunds.dismiss(refund_id=refund_id, why=form.cleaned_data["why"], by=request.actor, at=request.now),
        shown=refund_queries.undecided(failed),
    ):
        messages.success(request, _("It is written down that nothing goes back in its place."))
        return redirect("billing:order", order_id=failed.payment.order_id)
    return order_page(request, failed.payment.order_id, form, refund_id)


@access.requires(rules.cashier)
@require_POST
@once
def closing(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Close the order of somebody who has withdrawn; the rest is kept."""
    shown = refund_queries.may_close(order_queries.order_row(order_id))
    form = ReasonForm(request.POST)
    if submit(
        form,
        lambda: refunds.close_order(order_id=order_id, why=form.cleaned_data["why"], by=request.actor, at=request.now),
        shown=shown,
    ):
        messages.success(request, _("The order is closed; what was not paid back is kept."))
        return redirect("billing:order", order_id=order_id)
    return order_page(request, order_id, form, order_id)
