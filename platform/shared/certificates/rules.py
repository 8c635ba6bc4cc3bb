"""Permissions to see and change certificates; pure predicates."""

import uuid

from kernel import access
from kernel.access import Actor
from kernel.roles import AUTHORITY_ROLES, Role

from .states import OFFICERS

sees = access.role(*AUTHORITY_ROLES)
decides = access.role(*OFFICERS)
keeps_records = access.role(Role.REGISTRAR, Role.PRINCIPAL)


def is_holder(by: Actor, person_id: uuid.UUID) -> bool:
    """Say whether the certificate is the actor's own."""
    return by.person_id is not None and by.person_id == person_id
