"""Permissions to see the outside systems and to act on what goes wrong."""

from kernel import access
from kernel.roles import AUTHORITY_ROLES, Role

from .states import OPERATORS

operates = access.role(*OPERATORS)
oversees = access.role(*AUTHORITY_ROLES)
forwards = access.role(Role.TRAINING_CENTRE)
