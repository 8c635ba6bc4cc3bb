"""The hook by which courses tells the apps above that what a learner has may have become less."""

import uuid
from collections.abc import Callable
from datetime import datetime

from kernel.hooks import Hook

learner_changed: Hook[Callable[[uuid.UUID, datetime], None]] = Hook(
    "courses.learner-changed",
    "Is given the key of an enrolment whose seat was left or whose hours were corrected, and the moment, in the same"
    " transaction; may take its person off what they are not entitled to any more. Returns nothing.",
)


def announce(enrolment_id: uuid.UUID, at: datetime) -> None:
    """Call whoever wants to know that an enrolment's seat was left or its hours corrected."""
    for function in learner_changed.functions():
        function(enrolment_id, at)
