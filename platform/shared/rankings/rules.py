"""Permissions to score, run and publish; pure predicates."""

from kernel import access
from kernel.access import Actor

from .states import RUNNERS, SCORERS

scores = access.role(*SCORERS)
runs = access.role(*RUNNERS)
sees_runs = access.role(*SCORERS)


def may_score(by: Actor, authority_code: str) -> bool:
    """Say whether `by` scores institutions of this authority: its own officers only, not those of one above."""
    return by.has(*SCORERS, scope=authority_code)
