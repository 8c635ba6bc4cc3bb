"""The stages in which the demonstration is loaded; each can be run again and changes nothing that stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from infra.demo import institutions, province, ratings, sittings, training
from kernel import clock

BEGINNING = datetime(2023, 1, 9, 9, 0, tzinfo=clock.CHINA)


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the demonstration."""

    name: str
    words: str
    load: Callable[[], None]


LAW = "the law, the authorities, their officers, the question bank"
FOUR = "four institutions in different states of life, with their staff"
TRAINING = "a class of last year, one that runs, one that enrols; sixty trainees"
TESTS = "a test of last year with its certificates, one filed, one whose door is open"
RATINGS = "two years of ratings, scores and published stars"
STAGES = [
    Stage("province", LAW, lambda: province.load(at=BEGINNING)),
    Stage("institutions", FOUR, institutions.load),
    Stage("training", TRAINING, training.load),
    Stage("tests", TESTS, sittings.load),
    Stage("ratings", RATINGS, ratings.load),
]
