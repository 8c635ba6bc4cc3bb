"""Background tasks of billing."""

import uuid
from datetime import datetime

from kernel import later

from .operations import checkouts, prices, refunds


@later.task("billing.send_refund", runs=later.Where.INSTITUTION)
def send_refund(*, refund_id: str, at: datetime) -> None:
    """Send an online refund to Stripe."""
    refunds.send_refund(refund_id=uuid.UUID(refund_id), at=at)


@later.task("billing.expire_checkouts", runs=later.Where.INSTITUTION)
def expire_checkouts(*, order_id: str, at: datetime) -> None:
    """End payment pages that are not needed any more."""
    checkouts.expire_checkouts(order_id=uuid.UUID(order_id), at=at)


@later.task(
    "billing.reconcile_institution",
    runs=later.Where.INSTITUTION,
    asked_by=later.Where.PLATFORM,
    priority=later.Priority.BULK,
)
def reconcile_institution(*, at: datetime) -> None:
    """Compare one institution's open payments with Stripe, and withdraw prices whose ceiling has ended."""
    prices.retire_prices(at=at)
    checkouts.reconcile(at=at)


@later.periodic_task("billing.reconcile", every=3600)
def reconcile(*, at: datetime) -> None:
    """Ask for the reconciliation of every institution."""
    later.for_each_institution("billing.reconcile_institution")
