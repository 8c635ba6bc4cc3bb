"""Periodic tasks of the registry, and its message to the ministry's system."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import later
from shared.exchange import queries as exchange
from shared.exchange.states import MINISTRY

from . import operations


@later.periodic_task("registry.recount_terms", every=300)
def recount_terms(*, at: datetime) -> None:
    """Count open terms again by the calendar as it is known now."""
    operations.recount_terms(at=at)


@later.periodic_task("registry.close_notices", every=300)
def close_notices(*, at: datetime) -> None:
    """End the public notices whose days are over."""
    operations.close_notices(at=at)


exchange.register_outbound(
    exchange.OutboundKind(
        system=MINISTRY,
        name="institution",
        path="institutions",
        label=_("An institution for the list"),
        compose=operations.compose_institution,
        on_acknowledged=operations.note_sent,
        on_answered=operations.take_receipt,
    )
)
