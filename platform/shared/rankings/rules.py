"""Permissions to score, run and publish; pure predicates."""

import uuid

from kernel import access
from kernel.access import Actor

from .states import RUNNERS, SCORERS

scores = access.role(*SCORERS)
"""With the authority's code as scope: its own officers only, not those of one above."""
runs = access.role(*RUNNERS)
sees_runs = access.role(*SCORERS)


def may_publish(by: Actor, prepared_by: uuid.UUID) -> bool:
    """Say whether `by` may publish a preview: an officer of the province who did not prepare it."""
    return runs(by) and not access.is_self(by, prepared_by)
