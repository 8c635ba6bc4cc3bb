"""Message about an institution to the ministry's system, and its receipt; shared.exchange delivers them.

The real interface is not published: this is the platform's own form until it is known (docs/exchange.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models.commitments import Commitment


@dataclass(frozen=True, slots=True)
class Receipt:
    """The ministry's system has taken an institution in."""

    number: str
    received_at: datetime


def institution(commitment: Commitment) -> dict[str, Any]:
    """Return what is sent to the ministry's system about an organisation: public facts only."""
    organisation = {
        "name": commitment.applicant_name,
        "credit_code": commitment.applicant_credit_code,
        "category": commitment.applicant_category,
        "division_code": commitment.applicant_division_code,
        "authority_code": commitment.authority_code,
        "address": commitment.applicant_address,
        "positions": commitment.positions,
        "policy": commitment.policy,
    }
    return {"organisation": organisation}


def receipt(answer: Mapping[str, Any]) -> Receipt | None:
    """Return the receipt in an answer, None where it holds none that can be read."""
    try:
        number, moment = str(answer["receipt_no"])[:60], datetime.fromisoformat(str(answer["received_at"]))
    except (KeyError, ValueError):
        return None
    return Receipt(number, moment) if number and moment.tzinfo is not None else None
