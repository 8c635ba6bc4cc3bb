"""Permissions in the live room; whether somebody is on duty in THIS sitting is decided by its duties."""

from kernel import access
from tenants.sittings.states import DESK

watch = access.role("chief_proctor", "proctor")
desk = access.role(*DESK)
staff = access.role("chief_proctor", "proctor", "registrar", "principal")
