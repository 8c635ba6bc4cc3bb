"""Results of candidates, and the hook by which sittings learns them from the app that holds the tests."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from kernel.hooks import Hook


@dataclass(frozen=True, slots=True)
class Result:
    """How one candidate's test stands.

    `over`: nothing more will be written in it. `passed` and `points` are set once it is scored, and not after it was
    annulled.
    """

    attempt_id: uuid.UUID | None
    state: str
    state_label: str | Promise
    over: bool
    passed: bool | None = None
    points: str = ""
    document: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    finished_by: str = ""

    @property
    def lapsed(self) -> bool:
        """Say whether it ended without a result: absent or annulled."""
        return self.over and self.passed is None


results: Hook[Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, Result]]] = Hook(
    "sittings.results",
    "Is given keys of candidacies, returns the Result of each, also of those for whom no paper is drawn yet.",
    single=True,
)


def results_of(candidacy_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Result]:
    """Return how each candidate's test stands. Raises RuntimeError where no app holds tests."""
    function = results.get()
    if function is None:
        raise RuntimeError("no app answers sittings.results")
    return function(candidacy_ids) if candidacy_ids else {}
