"""Who may write the law, decide on it, and see how it is written."""

from collections.abc import Sequence
from uuid import UUID

from kernel import access
from kernel.access import Actor
from shared.policy.states import PROVINCE

enters_caps = access.role(PROVINCE)
enters_calendar = access.role(PROVINCE)
READERS = (PROVINCE, "city_officer", "inspector")
reads_desk = access.role(*READERS)
drafts_packs = access.role(PROVINCE)


def may_draft(by: Actor, jurisdiction: str) -> bool:
    """Say whether `by` may write the next version of a province's law: its own officers, with a second factor."""
    return by.level >= access.SECOND_FACTOR and by.has(PROVINCE, scope=jurisdiction)


def may_decide(by: Actor, jurisdiction: str, authors: Sequence[UUID]) -> bool:
    """Say whether `by` may decide on a draft: an officer of the province who wrote nothing in it."""
    return may_draft(by, jurisdiction) and by.account_id is not None and by.account_id not in authors
