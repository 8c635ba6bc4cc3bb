"""Permissions to see filed facts; pure predicates."""

from kernel import access

regulates = access.role("province_officer", "city_officer", "inspector")
