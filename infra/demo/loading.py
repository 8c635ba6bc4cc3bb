"""The stages in which the demonstration is loaded; each can be run again and changes nothing that stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from infra.demo import province
from kernel import clock

BEGINNING = datetime(2023, 1, 9, 9, 0, tzinfo=clock.CHINA)


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the demonstration."""

    name: str
    words: str
    load: Callable[[], None]


STAGES = [
    Stage(
        "province", "the law, the authorities, their officers, the question bank", lambda: province.load(at=BEGINNING)
    ),
]
