"""Continuing education: until when the holder of a certificate has to have done something for it."""

from datetime import date, datetime

from kernel.clock import legal_day

from ..methods.periods import period_on
from .packs import pack_at


def education_due(issued_on: date, at: datetime) -> date | None:
    """Return the last day of the period of continuing education in which a certificate stands, by the rule in force;
    None before its first one.
    """
    period = period_on(pack_at(at).education, issued_on, legal_day(at))
    return period.last if period is not None else None
