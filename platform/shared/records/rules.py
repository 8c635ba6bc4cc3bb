"""Permission to see the operator's pages on tasks and keys."""

from kernel import access
from kernel.roles import Role

operates = access.role(Role.PLATFORM_OPERATOR, system=True)
