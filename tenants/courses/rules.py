"""Permissions on classes and hours."""

import uuid

from kernel import access
from kernel.access import Actor
from kernel.roles import Role

from .states import DESK

desk = access.role(*DESK)
teaching = access.role(Role.TEACHER, *DESK)


def may_teach(by: Actor, teacher: uuid.UUID | None) -> bool:
    """Say whether `by` works with a class: the desk with any, its teacher with it."""
    return desk(by) or (teaching(by) and access.is_self(by, teacher))


def may_decide_correction(by: Actor, proposed_by: uuid.UUID) -> bool:
    """Say whether `by` may decide on a correction of hours: the desk, and not who proposed it."""
    return desk(by) and not access.is_self(by, proposed_by)
