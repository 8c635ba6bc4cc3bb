"""Permissions on organisations; pure predicates."""

from collections.abc import Collection

from kernel import access
from kernel.access import Actor

OFFICERS = ("province_officer", "city_officer")
REGULATORS = (*OFFICERS, "inspector")

regulates = access.role(*REGULATORS)
decides = access.role(*OFFICERS)
leads = access.role("principal")


def may_decide(by: Actor, authority_code: str, covered: Collection[str]) -> bool:
    """Say whether `by` may decide about an organisation of this authority: an officer of it, or of one above it.

    `covered` are the codes of the authorities that the actor's own offices cover.
    """
    return by.has(*OFFICERS) and authority_code in covered


def may_operate(by: Actor) -> bool:
    """Say whether `by` looks after the platform."""
    return by.has("platform_operator")


def is_principal(by: Actor, organisation_id: object) -> bool:
    """Say whether `by` answers for this organisation."""
    return by.has("principal", scope=str(organisation_id))
