"""Permissions on classes and hours."""

from kernel import access

desk = access.role("registrar", "principal")
teaching = access.role("teacher", "registrar", "principal")
