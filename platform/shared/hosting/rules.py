"""Permissions to keep the institutions' schemas."""

import uuid

from kernel import access
from kernel.access import Actor
from kernel.roles import Role

operates = access.role(Role.PLATFORM_OPERATOR, system=True)


def may_approve(by: Actor, asked_by: uuid.UUID) -> bool:
    """Say whether `by` may approve a deletion: an operator who did not ask for it."""
    return not by.system and operates(by) and not access.is_self(by, asked_by)
