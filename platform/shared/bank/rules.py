"""Permission to look at the bank; nobody is shown a key."""

from kernel import access

looks_into = access.role("platform_operator", "province_officer")
