"""Permissions on policy packs, the calendar and fee caps."""

from django.conf import settings

from kernel.access import Actor

from .states import PROVINCE


def may_enter_caps(by: Actor, jurisdiction: str) -> bool:
    """Say whether `by` may enter and end ceilings: an officer of that province, or the system itself."""
    return by.system or by.has(PROVINCE, scope=jurisdiction)


def may_enter_calendar(by: Actor) -> bool:
    """Say whether `by` may correct the calendar: an officer of this platform's province, or the system itself."""
    return by.system or by.has(PROVINCE, scope=settings.NUOXING_JURISDICTION)
