"""Permissions to see filed facts; pure predicates."""

from kernel import access
from kernel.roles import AUTHORITY_ROLES

regulates = access.role(*AUTHORITY_ROLES)
