"""Permissions on personal data."""

from kernel import access

operator = access.role("platform_operator")
handler = access.role("platform_operator", "province_officer")
officer = access.role("province_officer", "city_officer", "platform_operator")
counter = access.role("registrar", "principal")
any_staff = access.role("principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier")
"""Whoever works at an institution may see that something went wrong, and must be able to say so."""
any_officer = access.role("platform_operator", "province_officer", "city_officer", "inspector")
