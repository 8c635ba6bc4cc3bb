"""Permissions on prices and money."""

from kernel import access

prices = access.role("principal", "registrar")
cashier = access.role("cashier", "principal")
orders = access.role("cashier", "principal", "registrar")
