"""Permissions on prices and money."""

from kernel import access
from kernel.roles import Role

from .states import CASHIERS

prices = access.role(Role.PRINCIPAL, Role.REGISTRAR)
cashier = access.role(*CASHIERS)
orders = access.role(*CASHIERS, Role.REGISTRAR)
