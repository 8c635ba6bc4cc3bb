"""Permission to see the staff's home."""

from kernel import access
from kernel.roles import STAFF_ROLES, Role

any_staff = access.role(*STAFF_ROLES)
principal = access.role(Role.PRINCIPAL)
