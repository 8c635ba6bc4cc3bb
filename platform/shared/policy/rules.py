"""Who may do what to the law as data."""

from kernel import access
from kernel.access import Actor

PROVINCE = "province_officer"

enters_caps = access.role(PROVINCE)


def may_enter_caps(by: Actor, jurisdiction: str) -> bool:
    """Say whether `by` may enter and end ceilings: an officer of that province, or the system itself."""
    return by.system or by.has(PROVINCE, scope=jurisdiction)
