"""Who looks after the machinery."""

from kernel import access

may_operate = access.role("platform_operator")
