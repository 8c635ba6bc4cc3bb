"""Periodic tasks of the registry, and its message to the ministry's system."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import later
from shared.exchange.queries import kinds
from shared.exchange.states import MINISTRY

from .operations import ministry as registry_ministry
from .operations import publicity, terms


@later.periodic_task("registry.recount_terms", every=300)
def recount_terms(*, at: datetime) -> None:
    """Count open terms again by the calendar as it is known now."""
    terms.recount_terms(at=at)


@later.periodic_task("registry.close_notices", every=300)
def close_notices(*, at: datetime) -> None:
    """End the public notices whose days are over."""
    publicity.close_notices(at=at)


kinds.register_outbound(
    kinds.OutboundKind(
        system=MINISTRY,
        name="institution",
        path="institutions",
        label=_("An institution for the list"),
        compose=registry_ministry.compose_institution,
        on_acknowledged=registry_ministry.note_sent,
        on_answered=registry_ministry.take_receipt,
    )
)
