"""Permissions of the registry; pure predicates."""

from kernel import access
from kernel.roles import AUTHORITY_ROLES, OFFICERS, Role

applies = access.role(Role.PRINCIPAL)
"""Whoever speaks for an organisation, which is the scope."""
visits = access.role(*AUTHORITY_ROLES)
"""Whoever writes down what is found on site: with the authority's code as scope its own officers and inspectors."""
signs = access.role(*OFFICERS)
"""Whoever signs for an authority: with its code as scope its own officers."""
