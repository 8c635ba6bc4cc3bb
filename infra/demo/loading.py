"""The stages in which the demonstration is loaded; each can be run again and changes nothing that is there.

A stage killed in the middle leaves whole transactions only (an institution, its years, a year's stars), and goes on
from there when it is run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from infra.demo import employers, live, province, ratings, recoveries, registration, schools
from infra.demo.accounts import OFFICES, PLATFORM
from infra.demo.institutions import ALL, TRAINING
from kernel import clock
from shared.identity.queries import accounts as account_queries
from shared.institutions.models import Organisation

FOREIGN = (
    "Institutions of another or an earlier demonstration are here; they stay as they are. ./nuoxing reset clears them."
)
BEGINNING = datetime(2023, 1, 9, 9, 0, tzinfo=clock.CHINA)


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the demonstration, in steps that do not know each other and may be done side by side."""

    name: str
    description: str
    steps: Sequence[Callable[[], None]]

    def load(self) -> None:
        """Do the steps one after the other."""
        for step in self.steps:
            step()


def _beginning() -> None:
    """Load the law and who needs no place of work, while the schemas of the others are made."""
    province.load(at=BEGINNING)
    registration.load([spec for spec in ALL if spec not in TRAINING])


LAW = "the law, the authorities, their officers, employers, the question bank; who is on the way to the list"
TRAINERS = "the institutions that train, each up to its state of life, with their staff"
YEARS = "three hundred trainees in two finished years, this one and now, up to their certificates"
STARS = "two years of ratings, scores and published stars; one institution suspended, one removed"
WAITING = "what waits on people's desks"
TODAY = "tests that are prepared, written and filed today"
STAGES = [
    Stage("province", LAW, [_beginning, registration.schemas]),
    Stage("institutions", TRAINERS, [partial(registration.load, TRAINING[n::2]) for n in range(2)]),
    Stage("training", YEARS, [partial(schools.load, spec) for spec in TRAINING]),
    Stage("ratings", STARS, [ratings.load]),
    Stage("desks", WAITING, [recoveries.load, employers.load]),
    Stage("live", TODAY, [partial(live.load, specs) for specs in live.SHARES]),
]


def holds_others() -> bool:
    """Say whether there are institutions that this demonstration did not make: its officers come before all of them."""
    officers = all(account_queries.account_by_identifier(person.identifier) for person in (*PLATFORM, *OFFICES))
    return Organisation.objects.exists() and not officers
