"""Permissions to see and change certificates; pure predicates."""

import uuid

from kernel import access
from kernel.access import Actor

from .states import OFFICERS

sees = access.role(*OFFICERS, "inspector")
decides = access.role(*OFFICERS)
keeps_records = access.role("registrar", "principal")


def is_holder(by: Actor, person_id: uuid.UUID) -> bool:
    """Say whether the certificate is the actor's own."""
    return by.person_id is not None and by.person_id == person_id


def works_there(by: Actor, organisation_id: uuid.UUID) -> bool:
    """Say whether the actor keeps the records of the institution that trained the holder."""
    return by.level >= access.SECOND_FACTOR and by.has("registrar", "principal", scope=str(organisation_id))
