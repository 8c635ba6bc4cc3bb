"""The hook by which sittings tells the app that holds the tests that a candidate was taken off."""

import uuid
from collections.abc import Callable
from datetime import datetime

from kernel.hooks import Hook

candidate_left: Hook[Callable[[uuid.UUID, str, datetime], bool]] = Hook(
    "sittings.candidate-left",
    "Is given the key of a candidacy whose person is not ready for the test any more, why, and the moment, in the same"
    " transaction; ends a test that has not begun, and returns whether it had not.",
    single=True,
)


def end_test(candidacy_id: uuid.UUID, why: str, at: datetime) -> bool:
    """End a candidate's test if it has not begun; return whether it had not (there may be none yet)."""
    function = candidate_left.get()
    return True if function is None else function(candidacy_id, why, at)
