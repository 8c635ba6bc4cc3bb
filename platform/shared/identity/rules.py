"""Permissions of identity: granting roles, settling recoveries, revealing numbers."""

from collections.abc import Collection
from typing import Protocol

from kernel import access
from kernel.access import Actor

from .states import AUTHORITY_ROLES, STAFF_ROLES, Role

counter_staff = access.role(Role.REGISTRAR, Role.PRINCIPAL)
officer = access.role(Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.PLATFORM_OPERATOR)
principal = access.role(Role.PRINCIPAL)
operator = access.role(Role.PLATFORM_OPERATOR)


class GrantLike(Protocol):
    """What these rules look at in a grant."""

    role: str
    scope: str


def may_grant(actor: Actor, role: str, scope: str) -> bool:
    """Say whether an actor may give or end a role: principals their own staff, the operator all else."""
    if actor.system:
        return True
    if role in STAFF_ROLES and actor.has(Role.PRINCIPAL, scope=scope):
        return True
    return role not in STAFF_ROLES and actor.has(Role.PLATFORM_OPERATOR)


def may_settle(actor: Actor, grants: Collection[GrantLike], *, learns_here: bool, organisation: str) -> bool:
    """Say whether an actor may let somebody in again.

    The operator anybody; officers people without authority roles; a counter (in the organisation `here`) those who
    learn or work there and nowhere else hold a role: else a registrar could take over an officer's account.
    """
    if actor.system or actor.has(Role.PLATFORM_OPERATOR):
        return True
    if any(g.role in (*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR) for g in grants):
        return False
    if actor.has(Role.PROVINCE_OFFICER, Role.CITY_OFFICER):
        return True
    if not organisation or not actor.has(Role.REGISTRAR, Role.PRINCIPAL, scope=organisation):
        return False
    if any(g.scope != organisation or g.role == Role.PRINCIPAL for g in grants):
        return False
    return learns_here or any(g.scope == organisation for g in grants)


def may_reveal(actor: Actor, *, learns_here: bool, organisation: str) -> bool:
    """Say whether an actor may see a whole document number: officers, the operator, the counter where one learns."""
    if actor.system or actor.has(Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER, Role.CITY_OFFICER):
        return True
    return bool(organisation) and learns_here and actor.has(Role.REGISTRAR, Role.PRINCIPAL, scope=organisation)
