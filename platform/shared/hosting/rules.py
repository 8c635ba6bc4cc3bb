"""Who keeps the institutions' schemas."""

from kernel import access

operates = access.role("platform_operator")
