"""Answers to hooks of lower apps: a change of the law, a closed account, a person's corrected name."""

import uuid
from datetime import datetime

from shared.identity.operations.closing import person_corrected

from .operations import issuing
from .queries import employers, impact, privacy

__all__ = ["employers", "impact", "privacy"]


@person_corrected.connect()
def refresh_results(person_id: uuid.UUID, at: datetime) -> None:
    """Write the register's name into results that have no number yet; certificates are corrected by their authority."""
    issuing.refresh_holder(person_id, at)
