"""Permissions to write the law, decide on it, and see how it is written."""

from collections.abc import Sequence
from uuid import UUID

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES
from shared.policy.states import PROVINCE

enters_caps = access.role(PROVINCE)
enters_calendar = access.role(PROVINCE)
reads_desk = access.role(*AUTHORITY_ROLES)
drafts_packs = access.role(PROVINCE)
"""Whoever writes the next version of a province's law: its own officers, the province being the scope."""


def may_decide(by: Actor, jurisdiction: str, authors: Sequence[UUID]) -> bool:
    """Say whether `by` may decide on a draft: an officer of the province who wrote nothing in it."""
    return drafts_packs(by, scope=jurisdiction) and by.account_id is not None and by.account_id not in authors


def is_author(by: Actor, authors: Sequence[UUID]) -> bool:
    """Say whether `by` wrote in a draft."""
    return by.account_id is not None and by.account_id in authors
