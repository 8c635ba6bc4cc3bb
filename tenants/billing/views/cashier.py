"""Pages of the cashier: orders, money at the counter, receipts."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import access
from kernel.roles import Role
from kernel.tables import CountedRows, OpeningRows, opening_order, paged
from kernel.web.forms import ReasonForm, RefusableForm, submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from tenants.rosters.queries import enrolments as enrolment_queries

from .. import rules
from ..filters import OrderFilter
from ..forms import CounterPaymentForm, RefundForm, ReplacementForm
from ..operations import orders, payable, payments
from ..queries import life as billing_life
from ..queries import orders as order_queries
from ..queries import receipts
from ..queries import refunds as refund_queries
from ..tables import OrderTable
from .trainee import receipt_response


@access.requires(rules.orders)
@require_safe
def order_list(request: Request) -> HttpResponse:
    """List the orders."""
    filterset = OrderFilter(request.GET, queryset=order_queries.order_list(), request=request)
    if request.GET:
        rows = CountedRows(order_queries.with_shown(filterset.qs), counted=filterset.qs)
    else:
        rows = OpeningRows(filterset.qs, order_queries.OPENING)
    table = OrderTable(rows, order_by=opening_order(request, "-placed_at"))
    paged(request, table)
    return page(request, "billing/orders.html", {"table": table, "filter": filterset})


@access.requires(rules.orders)
@require_safe
def order(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Show an order with its one ledger."""
    return order_page(request, order_id)


def order_page(
    request: Request, order_id: uuid.UUID, bound_form: RefusableForm | None = None, about: uuid.UUID | None = None
) -> HttpResponse:
    """Show an order; a form that was refused stands where it was sent from, at the payment or refund `about`."""
    row = order_queries.order_row(order_id)
    value = order_queries.order_value(row)
    due = {"amount": str(value.due.yuan)}
    context = {
        "order": value,
        "refusal": payable.payment_refusal(row, request.now),
        "replaceable": payable.ceiling_refusal(row, request.now) is not None,
        "refunds": refund_queries.refund_values(row),
        "disputes": refund_queries.disputes_of(row),
        "may_close": refund_queries.may_close(row),
        "history": billing_life.life(row),
        Role.CASHIER: rules.cashier(request.actor),
        "desk": rules.prices(request.actor),
        "payment_form": bound_form if isinstance(bound_form, CounterPaymentForm) else CounterPaymentForm(initial=due),
        "refund_form": RefundForm(),
        "bound_form": bound_form,
        "about": about,
        "replacement_form": ReplacementForm(auto_id="replacement_%s"),
        "reason_form": bound_form if isinstance(bound_form, ReasonForm) else ReasonForm(auto_id="reason_%s"),
    }
    return page(request, "billing/order.html", context, status=422 if bound_form else 200)


@access.requires(rules.orders)
@require_POST
@once
def order_new(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Reserve the seat of somebody's enrolment and place its order."""
    row = orders.place_order(enrolment_id=enrolment_id, by=request.actor, at=request.now)
    return redirect("billing:order", order_id=row.pk)


@access.requires(rules.orders)
@require_POST
@once
def withdrawal(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Withdraw somebody's enrolment, for a reason."""
    enrolment_queries.row(enrolment_id)  # the page that is led back to
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A withdrawal needs a reason."))
    else:
        why = form.cleaned_data["why"]
        orders.withdraw(enrolment_id=enrolment_id, why=why, by=request.actor, at=request.now)
        messages.success(request, _("The enrolment is withdrawn and its seat is free."))
    return redirect("rosters:enrolment", enrolment_id=enrolment_id)


@access.requires(rules.cashier)
@require_POST
@once
def take_payment(request: Request, order_id: uuid.UUID) -> HttpResponse:
    """Take money at the counter."""
    shown = order_queries.order_value(order_queries.order_row(order_id)).open
    form = CounterPaymentForm(request.POST)
    if success := submit(
        form,
        lambda: payments.pay_at_counter(order_id=order_id, **form.cleaned_data, by=request.actor, at=request.now),
        shown=shown,
    ):
        text = _("Received. Receipt %(number)s.") % {"number": success.result.receipt_number}
        messages.success(request, text)
        return redirect("billing:order", order_id=order_id)
    return order_page(request, order_id, form)


@access.requires(rules.orders)
@require_safe
def receipt(request: Request, payment_id: uuid.UUID) -> HttpResponse:
    """Send a receipt as PDF."""
    return receipt_response(request, receipts.receipt(payment_id, by=None), payment_id)
