"""Permissions on policy packs, the calendar and fee caps: an officer of that province, or the platform itself."""

from kernel import access

from .states import PROVINCE

enters_caps = access.role(PROVINCE, system=True)
enters_calendar = access.role(PROVINCE, system=True)
