"""Permissions of the operator's pages on tasks and keys."""

from kernel import access

may_operate = access.role("platform_operator")


operates = access.role("platform_operator")
