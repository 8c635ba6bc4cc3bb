"""Billing's part when a person closes the account: open payments and refunds, and records that must be kept."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.clock import legal_day
from shared.privacy.queries import register as privacy_register
from shared.privacy.queries import rights

from ..models import Order, Payment, Refund
from ..states import OrderState, RefundState


@rights.register_open_items
def unsettled(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Yield orders that are not paid, and refunds on their way."""
    if Order.objects.filter(person_id=subject.person_id, state=OrderState.OPEN).exists():
        yield rights.OpenItem(_("An order is not paid; pay it or withdraw the enrolment."))
    waiting = Refund.objects.filter(payment__order__person_id=subject.person_id, state=RefundState.REQUESTED)
    if waiting.exists():
        yield rights.OpenItem(_("A refund is on its way to you; wait until it has arrived."))


@rights.register_retained_items
def retained_records(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Yield the accounts of money and how long they are kept after the last payment."""
    last = Payment.objects.filter(order__person_id=subject.person_id).order_by("-received_at").first()
    if last is not None:
        limit = privacy_register.limit("accounting", at)
        day = legal_day(last.received_at)
        yield rights.OpenItem(
            _("Accounts of money: orders, payments, receipts, refunds"), privacy_register.day_after(day, limit)
        )
