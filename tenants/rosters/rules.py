"""Permissions on enrolments."""

from kernel import access

desk = access.role("registrar", "principal")
principal = access.role("principal")
