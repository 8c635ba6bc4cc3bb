"""Who may do what with tests. Who may act in ONE sitting is asked of its list of duties, in the operation."""

from kernel import access

from .states import CHIEF, DESK, PROCTOR

desk = access.role(*DESK)
staff = access.role(*DESK, CHIEF, PROCTOR)
watch = access.role(CHIEF, PROCTOR)
