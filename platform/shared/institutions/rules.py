"""Permissions on organisations; pure predicates."""

from collections.abc import Collection

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES, OFFICERS, Role

regulates = access.role(*AUTHORITY_ROLES)
decides = access.role(*OFFICERS)
leads = access.role(Role.PRINCIPAL)
operates = access.role(Role.PLATFORM_OPERATOR, system=True)


def may_decide(by: Actor, authority_code: str, covered: Collection[str]) -> bool:
    """Say whether `by` may decide about an organisation of this authority: an officer of it, or of one above it.

    `covered` are the codes of the authorities that the actor's own offices cover.
    """
    return decides(by) and authority_code in covered
