"""Permissions on enrolments."""

from kernel import access
from kernel.roles import Role

from .states import DESK

desk = access.role(*DESK)
principal = access.role(Role.PRINCIPAL)
