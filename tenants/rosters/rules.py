"""Permissions on enrolments."""

from kernel import access

desk = access.role("registrar", "principal")
principal = access.role("principal")
any_staff = access.role("principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier")
