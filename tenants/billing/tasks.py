"""Background tasks of billing."""

import uuid
from datetime import datetime

from kernel import later

from .operations import checkouts, prices, refunds, terms


@later.task("billing.send_refund", runs=later.Where.INSTITUTION)
def send_refund(*, refund_id: str, at: datetime) -> None:
    """Send an online refund to Stripe."""
    refunds.send_refund(refund_id=uuid.UUID(refund_id), at=at)


@later.task("billing.expire_checkouts", runs=later.Where.INSTITUTION)
def expire_checkouts(*, order_id: str, at: datetime) -> None:
    """End payment pages that are not needed any more."""
    checkouts.expire_checkouts(order_id=uuid.UUID(order_id), at=at)


@later.task("billing.reconcile_checkout", runs=later.Where.INSTITUTION, priority=later.Priority.BULK)
def reconcile_checkout(*, checkout_id: str, at: datetime) -> None:
    """Compare one open payment with Stripe."""
    checkouts.reconcile_checkout(checkout_id=uuid.UUID(checkout_id), at=at)


@later.task("billing.release_order", runs=later.Where.INSTITUTION)
def release_order(*, order_id: str, at: datetime) -> None:
    """Give back seat and place of an order whose term of payment is over."""
    terms.release_order(order_id=uuid.UUID(order_id), at=at)


@later.task(
    "billing.ask_releases",
    runs=later.Where.INSTITUTION,
    asked_by=later.Where.PLATFORM,
    priority=later.Priority.BULK,
)
def ask_releases(*, at: datetime) -> None:
    """Ask for the release of one institution's orders whose term of payment is over."""
    terms.ask_releases(at=at)


@later.periodic_task("billing.release_unpaid", every=3600)
def release_unpaid(*, at: datetime) -> None:
    """Look in every institution for orders whose term of payment is over."""
    later.for_each_institution("billing.ask_releases")


@later.task(
    "billing.reconcile_institution",
    runs=later.Where.INSTITUTION,
    asked_by=later.Where.PLATFORM,
    priority=later.Priority.BULK,
)
def reconcile_institution(*, at: datetime) -> None:
    """Ask for each of an institution's open payments to be compared, and withdraw prices whose ceiling has ended."""
    prices.retire_prices(at=at)
    checkouts.ask_reconciliation(at=at)


@later.periodic_task("billing.reconcile", every=3600)
def reconcile(*, at: datetime) -> None:
    """Ask for the reconciliation of every institution."""
    later.for_each_institution("billing.reconcile_institution")
