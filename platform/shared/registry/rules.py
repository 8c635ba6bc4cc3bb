"""Permissions of the registry; pure predicates."""

from kernel import access
from kernel.access import Actor

OFFICERS = ("province_officer", "city_officer")
VISITORS = (*OFFICERS, "inspector")

applies = access.role("principal")
visits = access.role(*VISITORS)
signs = access.role(*OFFICERS)


def may_apply(by: Actor, organisation_id: object) -> bool:
    """Say whether `by` speaks for this organisation."""
    return by.has("principal", scope=str(organisation_id))


def may_visit(by: Actor, authority_code: str) -> bool:
    """Say whether `by` may write down what is found on site: this very authority's officers and inspectors."""
    return by.level >= access.SECOND_FACTOR and by.has(*VISITORS, scope=authority_code)


def may_sign(by: Actor, authority_code: str) -> bool:
    """Say whether `by` may sign for this authority: its own officers, with a second factor."""
    return by.level >= access.SECOND_FACTOR and by.has(*OFFICERS, scope=authority_code)
