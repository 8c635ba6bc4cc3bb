"""Faults of single items at the payment service: counted where they stand, so that a person sees them."""

from ..models import Checkout, Refund

MOST = 32_000


def count_fault(row: Checkout | Refund, fault: str) -> None:
    """Count that the payment service was asked about a locked row in vain, with what it said."""
    row.faults, row.fault = min(row.faults + 1, MOST), fault[:300]
    row.save(update_fields=["faults", "fault"])


def clear_fault(row: Checkout | Refund) -> None:
    """Forget the last fault of a row about which the service has answered; how often it had failed stays."""
    if row.fault:
        row.fault = ""
        row.save(update_fields=["fault"])
