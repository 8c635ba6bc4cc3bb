"""Permissions in the live room; whether somebody is on duty in THIS sitting is decided by its duties."""

from kernel import access

watch = access.role("chief_proctor", "proctor")
staff = access.role("chief_proctor", "proctor", "registrar", "principal")
