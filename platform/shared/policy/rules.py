"""Permissions on policy packs, the calendar and fee caps."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from kernel import access
from kernel.access import Actor

PROVINCE = "province_officer"

enters_caps = access.role(PROVINCE)


def may_enter_caps(by: Actor, jurisdiction: str) -> bool:
    """Say whether `by` may enter and end ceilings: an officer of that province, or the system itself."""
    return by.system or by.has(PROVINCE, scope=jurisdiction)


enters_calendar = access.role(PROVINCE)


def may_enter_calendar(by: Actor) -> bool:
    """Say whether `by` may correct the calendar: an officer of this platform's province, or the system itself."""
    return by.system or by.has(PROVINCE, scope=settings.NUOXING_JURISDICTION)


READERS = (PROVINCE, "city_officer", "inspector")

reads_desk = access.role(*READERS)
drafts_packs = access.role(PROVINCE)


def may_draft(by: Actor, jurisdiction: str) -> bool:
    """Say whether `by` may write the next version of a province's law: its own officers, with a second factor."""
    return by.level >= access.SECOND_FACTOR and by.has(PROVINCE, scope=jurisdiction)


def may_decide(by: Actor, jurisdiction: str, authors: Sequence[UUID]) -> bool:
    """Say whether `by` may decide on a draft: an officer of the province who wrote nothing in it."""
    return may_draft(by, jurisdiction) and by.account_id is not None and by.account_id not in authors
