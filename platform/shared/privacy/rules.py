"""Permissions on personal data."""

import uuid

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES, OFFICERS, STAFF_ROLES, Role

from .states import DECIDERS, HANDLERS

handler = access.role(*HANDLERS)
places_holds = access.role(*HANDLERS, system=True)
officer = access.role(*OFFICERS, Role.PLATFORM_OPERATOR)
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


def may_decide_correction(by: Actor, account_id: uuid.UUID) -> bool:
    """Say whether `by` may decide a correction: a counter or an officer, and nobody his own."""
    return decides(by) and not access.is_self(by, account_id)
