"""Clerks: who acts for an employer."""

import uuid

from kernel.access import Actor
from kernel.roles import Role
from shared.identity.queries import accounts as account_queries


def clerks(employer_id: uuid.UUID) -> list[account_queries.GrantValue]:
    """Return who acts for an employer now, by name. The caller has checked who asks."""
    return account_queries.grants_in(str(employer_id), [Role.EMPLOYER_CLERK])


def is_clerk(by: Actor, employer_id: uuid.UUID) -> bool:
    """Say whether the actor acts for an employer at this moment, whatever their session says."""
    return by.account_id in {grant.account_id for grant in clerks(employer_id)}
