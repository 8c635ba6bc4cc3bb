"""Permissions on enrolments."""

from kernel import access
from kernel.roles import Role

from .states import DESK

desk = access.role(*DESK)
registers = access.role(*DESK, system=True)
"""Whoever registers a person on the word of a document: the counter, or the platform for who comes from outside."""
principal = access.role(Role.PRINCIPAL)
