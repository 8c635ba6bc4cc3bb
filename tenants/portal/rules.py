"""Permission to see the staff's home."""

from kernel import access
from kernel.roles import STAFF_ROLES

any_staff = access.role(*STAFF_ROLES)
