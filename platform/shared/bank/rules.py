"""Permissions to look at the bank and to take items into it; nobody is shown a key."""

from kernel import access
from kernel.roles import Role

looks_into = access.role(Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER)
imports = access.role(Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER, system=True)
