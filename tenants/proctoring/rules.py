"""Permissions in the live room; whether somebody is on duty in THIS sitting is decided by its duties."""

from kernel import access
from tenants.sittings.states import DESK, WATCH

watch = access.role(*WATCH)
desk = access.role(*DESK)
staff = access.role(*WATCH, *DESK)
