"""Permissions on personal data."""

import uuid

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES, OFFICERS, STAFF_ROLES, Role

from .states import DECIDERS, HANDLERS

handler = access.role(*HANDLERS)
places_holds = access.role(*HANDLERS, system=True)
officer = access.role(*OFFICERS, Role.PLATFORM_OPERATOR)
operator = access.role(Role.PLATFORM_OPERATOR)
answers_for = access.role(*OFFICERS)
"""Asked with the offices that answer for somebody (shared.identity, queries.areas) as the scope."""
counter = access.role(Role.REGISTRAR, Role.PRINCIPAL)
any_staff = access.role(*STAFF_ROLES)
"""Whoever works at an institution may see that something went wrong, and must be able to say so."""
decides = access.role(*DECIDERS)
any_officer = access.role(Role.PLATFORM_OPERATOR, *AUTHORITY_ROLES)

reports = access.role(*STAFF_ROLES, Role.PLATFORM_OPERATOR, *AUTHORITY_ROLES)
"""Whoever works at an institution, an authority or the platform reports an incident."""


def may_close_breach(by: Actor, handled_by: uuid.UUID | None) -> bool:
    """Say whether `by` may close an incident: a handler who did not classify it."""
    return handler(by) and not access.is_self(by, handled_by)


def may_decide_correction(by: Actor, account_id: uuid.UUID, *, area: frozenset[str], organisation: str) -> bool:
    """Say whether `by` may decide a correction: the counter (of `organisation`) at its own host, an officer of the
    `area` or the operator at the platform's, and nobody his own.
    """
    if access.is_self(by, account_id):
        return False
    if organisation:
        return counter(by, scope=organisation)
    return operator(by, scope="") or answers_for(by, scope=area)
