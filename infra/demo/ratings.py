"""Two finished years of stars: what trainees said, what the authorities gave, computed and published in January."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from infra.demo.acting import actor
from infra.demo.institutions import LISTED, PAUSED, Spec, institution, officer_of
from infra.demo.province import sign_in
from kernel import clock
from shared.rankings import operations as rankings
from shared.rankings import queries
from shared.rankings.models import StarRun
from shared.rankings.states import RunState

REASONS = {
    "hardware": "机房、监控与教室经现场核查，设备数量与承诺一致。",
    "quality": "抽查课堂与学时记录，与课程安排相符。",
    "attitude": "全年投诉处理及时，回访满意。",
    "fees": "收费公示齐全，抽查票据未超过最高限价。",
    "teachers": "师资名册与授课记录一致，双师比例达标。",
}


@dataclass(frozen=True, slots=True)
class Year:
    """What an institution earned in a year: the answers people chose from, how many, the authority's points."""

    spec: Spec
    before: int  # how many years before this one
    answers: Sequence[int]
    people: int
    points: int


YEARS = (
    Year(LISTED, 2, (3, 4, 4, 4, 5, 5, 5, 5), 26, 88),
    Year(PAUSED, 2, (2, 3, 4, 4, 4, 4, 5, 5), 21, 80),
    Year(LISTED, 1, (4, 5, 5, 5, 5, 5, 5, 5), 17, 95),
    Year(PAUSED, 1, (2, 3, 3, 4, 4, 4, 5), 14, 76),
)


def load() -> None:
    """Let each of the two years be rated, scored, computed and published, unless it was published before."""
    now = clock.real_now().astimezone(clock.CHINA)
    for before in (2, 1):
        year = now.year - before
        if not StarRun.objects.filter(year=year, state=RunState.PUBLISHED).exists():
            with transaction.atomic():
                _year(year, [one for one in YEARS if one.before == before], now)


def _year(year: int, earned: Sequence[Year], now: datetime) -> None:
    def january(day: int) -> datetime:
        return min(datetime(year + 1, 1, day, 10, tzinfo=clock.CHINA), now)

    for one in earned:
        key = institution(one.spec).pk
        _rate(one, key, year)
        _score(one, key, year, at=january(8))
    first, second = sign_in("province"), sign_in("province2")
    at = january(12)
    run = rankings.run_year(year=year, by=actor(first, at=at), at=at)
    at = january(14)
    rankings.publish_run(run_id=run, by=actor(second, at=at), at=at)


def _rate(one: Year, key: uuid.UUID, year: int) -> None:
    """Record what people answered, spread over the year's months; a few did not answer."""
    dice = random.Random(f"ratings:{one.spec.key}:{year}")  # noqa: S311  # a demonstration, no secret
    for n in range(one.people):
        at = datetime(year, 3, 18, 15, tzinfo=clock.CHINA) + timedelta(days=9 * n)
        rankings.count_asked(institution_id=key, at=at, trainees=2 if n % 4 == 0 else 1)
        items = {item.key: dice.choice(one.answers) for item in queries.method_at(at).items}
        name = f"demo:{one.spec.key}:{year}:{n}"
        rankings.record_rating(institution_id=key, enrolment_key=name, items=items, at=at)


def _score(one: Year, key: uuid.UUID, year: int, *, at: datetime) -> None:
    """Enter the authority's points, a little different for each item, with their reasons."""
    items = queries.method_at(at).items
    rankings.enter_authority_score(
        institution_id=key,
        year=year,
        scores={item.key: one.points + (n * 3) % 7 - 3 for n, item in enumerate(items)},
        reasons={item.key: REASONS[item.key] for item in items},
        by=actor(officer_of(one.spec), at=at),
        at=at,
    )
