"""Classes of the demonstration's institutions and their people: two finished years, this one, now.

Every plan is made of days counted from the day of loading. Three hundred people in all, each with their own number.
"""

from dataclasses import dataclass
from datetime import datetime

from infra.demo.accounts import TRAINEE_NUMBER
from infra.demo.days import Days

TITLES = {
    "SGY-TJ": "施工员（土建方向）岗位培训",
    "ZLY-TJ": "质量员（土建方向）岗位培训",
    "CLY": "材料员岗位培训",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One class: whose, when it is prepared, applied for and taught, when its test is; who comes, by their numbers.

    `stage`: "finished" (taught and tested), "running" (in the middle of its hours), "open" (enrolling), "undone"
    (everybody was paid back).
    """

    key: str
    stage: str
    name: str
    position: str
    planned: datetime
    applied: datetime
    starts: datetime
    ends: datetime
    people: tuple[int, ...]
    tested: datetime | None = None
    yesterday: datetime | None = None


# Numbers of the people of each class; 60 is the one with the trainees' sign-in, and comes first in the running class.
FIRST = {
    "listed": {
        "two": (1, 18), "one": (19, 24), "past": (61, 16), "running": (43, 18),
        "open": (77, 28), "more": (105, 16), "third": (121, 16),
    },
    "paused": {"two": (137, 14), "one": (151, 14), "past": (165, 12), "running": (177, 12)},
    "suspended": {"two": (189, 12), "one": (201, 12), "running": (213, 16)},
    "removed": {"two": (229, 12), "one": (241, 10), "undone": (251, 10)},
    "existing": {"running": (261, 20), "open": (281, 20)},
}  # fmt: skip
SECOND = {"listed": "SGY-TJ", "paused": "ZLY-TJ", "suspended": "SGY-TJ", "removed": "CLY", "existing": "CLY"}


def _numbers(key: str, which: str) -> tuple[int, ...]:
    first, count = FIRST[key][which]
    numbers = tuple(range(first, first + count))
    if TRAINEE_NUMBER not in numbers:
        return numbers
    return (TRAINEE_NUMBER, *(n for n in numbers if n != TRAINEE_NUMBER))


def plans(key: str, days: Days) -> list[Plan]:
    """Return the classes of an institution, oldest first."""
    all_plans = [_plan(key, which, days) for which in FIRST[key]]
    return sorted(all_plans, key=lambda plan: plan.planned)


def _plan(key: str, which: str, days: Days) -> Plan:
    position = SECOND[key]
    people = _numbers(key, which)
    if which in ("two", "one"):
        ago = 2 if which == "two" else 1
        year = days.year - ago
        month = 3 if key in ("listed", "removed") else 4
        return Plan(
            which, "finished", f"{year}年第一期", position, days.then(ago, month - 1, 5), days.then(ago, month - 1, 10),
            days.then(ago, month, 8), days.then(ago, month + 1, 20), people, days.then(ago, month + 2, 10),
        )  # fmt: skip
    if which == "past":
        start = days.of(-128)
        return Plan(
            which, "finished", f"{start.year}年夏季班", position, days.of(-165), days.of(-158),
            start, days.of(-92), people, days.of(-80),
        )  # fmt: skip
    if which == "undone":
        return Plan(
            which, "undone", f"{days.of(-140).year}年第二期", position, days.of(-175), days.of(-168),
            days.of(-100), days.of(-60), people,
        )  # fmt: skip
    if which == "running":
        start = days.of(-24)
        return Plan(
            which, "running", f"{start.year}年在训班", position, days.of(-62), days.of(-56), start, days.of(24), people
        )
    return _open(which, people, days, key)


def _open(which: str, people: tuple[int, ...], days: Days, key: str) -> Plan:
    """A class that enrols now, of each of the three positions at the institution that is listed."""
    position = {"more": "ZLY-TJ", "third": "CLY"}.get(which, "SGY-TJ")
    starts = {"open": 12, "more": 19, "third": 26}[which]
    name = {"open": "新班（周末）", "more": "质量员班", "third": "材料员班"}[which]
    return Plan(
        which, "open", f"{days.of(starts).year}年{name}", position, days.of(-26 + starts // 4),
        days.of(-22 + starts // 4), days.of(starts), days.of(starts + 42), people, yesterday=days.of(-1),
    )  # fmt: skip
