"""Permission to see what was sent."""

from kernel import access
from kernel.roles import Role

operates = access.role(Role.PLATFORM_OPERATOR)
