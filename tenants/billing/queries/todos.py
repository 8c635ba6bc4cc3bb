"""To-dos of billing: open orders of a trainee, failed refunds and withdrawals for the cashier, prices off sale."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.templatetags.nuoxing import china_time
from kernel.todos import Todo, only_if

from .. import rules
from . import open_orders as open_order_queries
from . import prices as price_queries
from . import refunds as refund_queries


@only_if(lambda actor, at: [open_order_queries.any_open_order(actor.person_id)] if actor.person_id else [])
def for_trainee(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the person's open orders."""
    if actor.person_id is None:
        return
    for order in open_order_queries.open_orders(actor.person_id):
        words = str(_("%(amount)s for order %(number)s")) % {"amount": order.outstanding, "number": order.number}
        url = reverse("billing:my-order", args=[order.id])
        due = str(_("Pay by %(when)s")) % {"when": china_time(order.pay_by)} if order.pay_by else ""
        if order.papers_due:
            words = str(_("Show your papers at the counter first: you pay after somebody there has looked at them."))
            yield Todo(_("Pay for your training"), url, _("See it"), words, tone="warn", icon="file-text")
            continue
        yield Todo(_("Pay for your training"), url, _("Pay"), words, due=due, tone="warn", icon="credit-card")


@only_if(lambda actor, at: refund_queries.signs_for_cashier() if rules.cashier(actor) else [])
def for_cashier(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what the cashier has to look at: refunds that failed, disputes, what the payment service does not know,
    money of people who have withdrawn.
    """
    if not rules.cashier(actor):
        return
    for refund in refund_queries.refunds_failed():
        url = reverse("billing:order", args=[refund.payment.order_id])
        words = str(_("%(amount)s must be paid back in another way.")) % {"amount": refund.amount}
        yield Todo(_("A refund failed"), url, _("Look"), words, tone="bad", icon="cash")
    for dispute in refund_queries.disputes_open():
        url = reverse("billing:order", args=[dispute.payment.order_id])
        words = str(_("Answer at the payment service, or the bank takes %(amount)s back.")) % {"amount": dispute.amount}
        yield Todo(_("A payer disputes an online payment"), url, _("Look"), words, tone="bad", icon="cash")
    for order in refund_queries.faulty_orders():
        words = str(_("Order %(number)s: the payment service does not know it, or says something else.")) % {
            "number": order.number
        }
        url = reverse("billing:order", args=[order.pk])
        yield Todo(_("An online payment cannot be compared"), url, _("Look"), words, tone="bad", icon="cash")
    for order in refund_queries.paid_but_withdrawn():
        words = str(_("Order %(number)s is paid; decide what goes back.")) % {"number": order.number}
        title = str(_("%(name)s has withdrawn")) % {"name": order.payer}
        yield Todo(title, reverse("billing:order", args=[order.pk]), _("Decide"), words, tone="warn", icon="cash")


@only_if(lambda actor, at: [price_queries.any_price_stale()] if rules.prices(actor) else [])
def for_registrar(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the classes whose price has gone off sale with its ceiling."""
    if not rules.prices(actor):
        return
    for price in price_queries.stale_prices():
        url = reverse("billing:prices", args=[price.training_class_id])
        words = str(_("The ceiling of %(document)s has ended; publish the price anew under the present one.")) % {
            "document": price.cap_document
        }
        yield Todo(price.class_name, url, _("Publish"), words, tone="bad", icon="coin")
