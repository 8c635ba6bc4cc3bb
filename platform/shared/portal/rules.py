"""Permission to open each role's home; pure predicates."""

from kernel import access
from kernel.roles import AUTHORITY_ROLES, Role

regulates = access.role(*AUTHORITY_ROLES)
operates = access.role(Role.PLATFORM_OPERATOR)
clerk = access.role(Role.EMPLOYER_CLERK)
