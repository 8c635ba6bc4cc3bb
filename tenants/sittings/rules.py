"""Permissions on tests. Whether somebody may act in ONE sitting is decided by its duties, in the operation."""

from kernel import access

from .states import CHIEF, DESK, PROCTOR

desk = access.role(*DESK)
staff = access.role(*DESK, CHIEF, PROCTOR)
