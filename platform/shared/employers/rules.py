"""Permissions of employers; pure predicates."""

from collections.abc import Collection
from uuid import UUID

from kernel import access
from kernel.access import Actor
from kernel.roles import OFFICERS, Role

clerk = access.role(Role.EMPLOYER_CLERK)
"""Whoever acts for an employer, which is the scope."""
decides = access.role(*OFFICERS)
vouches = access.role(Role.REGISTRAR, Role.PRINCIPAL)


def may_decide(by: Actor, authority_code: str, covered: Collection[str], applied_by: UUID) -> bool:
    """Say whether an actor may decide on a registration of this authority: an officer of it or of one above it, who is
    not the one who applied. `covered` are the codes of the authorities that the actor's own offices cover.
    """
    return decides(by) and authority_code in covered and not access.is_self(by, applied_by)


def may_vouch(by: Actor, organisation: str, applied_by: UUID) -> bool:
    """Say whether an actor may vouch at an institution (of `organisation`) for somebody else's registration."""
    return bool(organisation) and vouches(by, scope=organisation) and not access.is_self(by, applied_by)
