"""Permissions of identity: granting roles, settling recoveries, revealing numbers."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES, OFFICERS, STAFF_ROLES, Role

NOT_AT_A_COUNTER = (*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR)
"""Roles whose account the operator recovers."""

counter_staff = access.role(Role.REGISTRAR, Role.PRINCIPAL)
registers = access.role(Role.REGISTRAR, Role.PRINCIPAL, system=True)
"""Whoever makes a person known on the word of a document: a counter, or the platform for who comes from outside."""
officer = access.role(*OFFICERS, Role.PLATFORM_OPERATOR)
answers_for = access.role(*OFFICERS)
"""Asked with the offices that answer for somebody (queries.areas) as the scope."""
province_officer = access.role(Role.PROVINCE_OFFICER)
authority = access.role(*AUTHORITY_ROLES)
official = access.role(*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE)
principal = access.role(Role.PRINCIPAL)
staff = access.role(*STAFF_ROLES)
operator = access.role(Role.PLATFORM_OPERATOR)
training_centre = access.role(Role.TRAINING_CENTRE)
clerk = access.role(Role.EMPLOYER_CLERK)
publishes_texts = access.role(Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER, system=True)


class GrantLike(Protocol):
    """What these rules look at in a grant."""

    role: str
    scope: str


def may_complete(by: Actor, account_id: UUID) -> bool:
    """Say whether an actor may say who the person behind an account is: that person, or the platform itself."""
    return by.system or access.is_self(by, account_id)


def may_grant(by: Actor, role: str, scope: str) -> bool:
    """Say whether an actor may give a role: principals their own staff, clerks their employer's, the operator all
    else.
    """
    if by.system:
        return True
    if role in STAFF_ROLES:
        return principal(by, scope=scope)
    if role == Role.EMPLOYER_CLERK:
        return clerk(by, scope=scope) or operator(by, scope="")
    return operator(by, scope="")


def may_end(by: Actor, role: str, scope: str) -> bool:
    """Say whether an actor may end a role: who may give it, and the operator every one."""
    return may_grant(by, role, scope) or operator(by, scope="")


def may_open(by: Actor, grants: Collection[GrantLike], *, learns_here: bool, organisation: str) -> bool:
    """Say whether a counter (of `organisation`) may see whose account a request names: of people who learn or work
    there, whoever lets them in.
    """
    own = learns_here or any(g.scope == organisation for g in grants)
    return bool(organisation) and own and counter_staff(by, scope=organisation)


def may_settle(
    by: Actor,
    account_id: UUID | None,
    grants: Collection[GrantLike],
    *,
    area: frozenset[str],
    learns_here: bool,
    organisation: str,
) -> bool:
    """Say whether an actor may let somebody in again.

    Nobody himself. The operator anybody else; an officer of the `area` people without authority roles; a counter (of
    `organisation`) those who learn or work there and nowhere else hold a role: else a registrar could take over an
    officer's account.
    """
    if access.is_self(by, account_id):
        return False
    if by.system or operator(by, scope=""):
        return True
    if any(g.role in NOT_AT_A_COUNTER for g in grants):
        return False
    if answers_for(by, scope=area):
        return True
    if not organisation or not counter_staff(by, scope=organisation):
        return False
    if any(g.scope != organisation or g.role == Role.PRINCIPAL for g in grants):
        return False
    return learns_here or any(g.scope == organisation for g in grants)


def may_check(
    by: Actor,
    account_id: UUID | None,
    grants: Collection[GrantLike],
    *,
    area: frozenset[str],
    learns_here: bool,
    organisation: str,
) -> bool:
    """Say whether an actor may see the document of somebody whose account takes two: who may let them in, and for an
    officer's or inspector's account the province's officers too, so that one operator is enough.
    """
    if may_settle(by, account_id, grants, area=area, learns_here=learns_here, organisation=organisation):
        return True
    if access.is_self(by, account_id) or any(g.role == Role.PLATFORM_OPERATOR for g in grants):
        return False
    return any(g.role in AUTHORITY_ROLES for g in grants) and province_officer(by, scope=area)


def may_reveal(by: Actor, *, area: frozenset[str], learns_here: bool, organisation: str) -> bool:
    """Say whether an actor may see a whole document number: officers of the `area`, the operator, the counter where
    one learns.
    """
    if by.system or operator(by, scope="") or answers_for(by, scope=area):
        return True
    return bool(organisation) and learns_here and counter_staff(by, scope=organisation)
