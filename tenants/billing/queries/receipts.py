"""The content of a receipt."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from kernel import tenancy
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.money import ZERO, Money
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import organisations
from shared.policy.queries import authorities
from tenants.courses.queries import catalogue

from .. import methods
from ..models import Payment
from ..states import RefundState
from .prices import PriceValue, fee_items, in_order


@dataclass(frozen=True, slots=True)
class ReceiptRefund:
    """What of a receipt's money went back, or is on its way back (`done` False)."""

    amount: Money
    at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class ReceiptValue:
    """A receipt, whole: the same payment gives the same receipt, and says what of it has gone back since."""

    number: str
    institution: str
    credit_code: str
    address: str
    payer: str
    order: str
    what: str
    lines: tuple[PriceValue, ...]
    amount: Money
    amount_words: str
    method: str
    reference: str
    received_at: datetime
    received_by: str
    authority: str
    demo: bool
    refunds: tuple[ReceiptRefund, ...] = ()

    @property
    def refunded_amount(self) -> Money:
        """Return what went back or is on its way back."""
        return sum((refund.amount for refund in self.refunds), ZERO)

    @property
    def refunded_in_full(self) -> bool:
        """Say whether all of it went back or is on its way back."""
        return self.refunded_amount >= self.amount


def receipt(payment_id: uuid.UUID, *, by: Actor | None) -> ReceiptValue:
    """Return the receipt of a payment: for its payer, or (`by` None) for staff whose role the view has checked.

    Refuses (NotFound) a payment of somebody else.
    """
    rows = Payment.objects.select_related("order").annotate(class_id=F("order__enrolment__training_class_id"))
    row = rows.filter(pk=payment_id).first()
    if row is None or (by is not None and row.order.person_id != by.person_id):
        raise NotFound
    institution = institution_listing_queries.institution(tenancy.institution_id())
    organisation = organisations.organisation(institution.organisation_id)
    training_class = catalogue.training_class(row.class_id)
    labels = fee_items(row.order.placed_at)
    lines = tuple(in_order(row.order.lines.all(), labels))
    return ReceiptValue(
        number=row.receipt_number,
        institution=institution.name,
        credit_code=institution.credit_code,
        address=organisation.address,
        payer=row.order.payer,
        order=row.order.number,
        what=f"{training_class.programme} · {training_class.name}",
        lines=lines,
        amount=row.amount,
        amount_words=methods.in_words(row.amount),
        method=str(row.get_method_display()),
        reference=row.reference,
        received_at=row.received_at,
        received_by=row.received_name,
        authority=authorities.authority(institution.authority_code).office_label,
        demo=any(line.demo for line in lines),
        refunds=tuple(
            ReceiptRefund(refund.amount, refund.state_since, refund.state == RefundState.DONE)
            for refund in row.refunds.exclude(state=RefundState.FAILED)
        ),
    )
