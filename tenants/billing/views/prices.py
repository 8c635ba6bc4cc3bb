"""Pages of prices: prices of a class under their ceilings, the price list, the opening of a class."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from tenants.courses.queries import catalogue

from .. import rules
from ..forms import PriceForm
from ..operations import orders, prices
from ..queries import prices as price_queries
from ..tables import PriceTable


@access.requires(rules.prices)
@require_safe
def price_list(request: Request) -> HttpResponse:
    """List every price that is published."""
    table = PriceTable(price_queries.published(), labels=price_queries.fee_items(request.now))
    paged(request, table)
    return page(request, "billing/price_list.html", {"table": table})


@access.requires(rules.prices)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def class_prices(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show a class's prices beside the ceilings of the day; POST publishes one."""
    training_class = catalogue.class_value(class_id)
    items = price_queries.fee_items(request.now)
    stored = price_queries.stored_of_class(class_id, items)
    form = PriceForm(request.POST or None, items=items, stored=stored)
    if submit(form, lambda: prices.publish_price(class_id=class_id, **form.values(), by=request.actor, at=request.now)):
        messages.success(request, _("The price is published."))
        return redirect("billing:prices", class_id=class_id)
    context = {
        "training_class": training_class,
        "prices": price_queries.published_of(class_id, request.now),
        "ceilings": price_queries.ceilings(training_class.position, request.now),
        "form": form,
    }
    return page(request, "billing/prices.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.prices)
@require_POST
@once
def withdrawal(request: Request, price_id: uuid.UUID) -> HttpResponse:
    """Take a price off sale."""
    class_id = price_queries.price_row(price_id).training_class_id
    prices.withdraw_price(price_id=price_id, by=request.actor, at=request.now)
    messages.success(request, _("The price is withdrawn."))
    return redirect("billing:prices", class_id=class_id)


@access.requires(rules.prices)
@require_POST
@once
def opening(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Open a priced class for enrolment."""
    try:
        orders.open_enrolment(class_id=class_id, by=request.actor, at=request.now)
    except orders.NoPrice as refusal:
        messages.error(request, str(refusal))
        return redirect("billing:prices", class_id=class_id)
    messages.success(request, _("The class is open for enrolment."))
    return redirect("courses:class", class_id=class_id)
