"""Two finished years of stars: what trainees said after tests, what the authorities gave; published in January."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from infra.demo import registration
from infra.demo.actors import actor
from infra.demo.days import Days
from infra.demo.institutions import LISTED, PAUSED, REMOVED, SUSPENDED, Spec, institution
from infra.demo.province import sign_in
from kernel import clock
from shared.institutions.queries import standings
from shared.rankings.models import StarRun
from shared.rankings.operations import runs, scores
from shared.rankings.queries import questions as ranking_questions
from shared.rankings.states import RunState

REASONS = {
    "hardware": "机房、监控与教室经现场核查，设备数量与承诺一致。",
    "quality": "抽查课堂与学时记录，与课程安排相符。",
    "attitude": "全年投诉处理及时，回访满意。",
    "fees": "收费公示齐全，抽查票据未超过最高限价。",
    "teachers": "师资名册与授课记录一致，双师比例达标。",
}
POOR = {
    "hardware": "一间机房监控缺失，已要求补齐。",
    "quality": "抽查发现学时记录与签到不完全一致。",
    "attitude": "全年三件投诉，两件逾期答复。",
    "fees": "票据抽查有两笔未写明项目。",
    "teachers": "两名教师聘用合同到期未续。",
}
# The authorities' points: two years ago, last year.
POINTS: Mapping[Spec, tuple[int, int]] = {LISTED: (88, 95), PAUSED: (84, 78), SUSPENDED: (76, 66), REMOVED: (68, 52)}


def load() -> None:
    """Let each of the two years be scored, computed and published, unless it was published before; then come the
    decisions on institutions, in the order in which all this happened."""
    days = Days.today()
    for ago in (2, 1):
        year = days.year - ago
        if not StarRun.objects.filter(year=year, state=RunState.PUBLISHED).exists():
            with transaction.atomic():
                registration.decide(days, until=_january(year, 12, days))
                _year(year, [(spec, points[2 - ago]) for spec, points in POINTS.items()], days)
    with transaction.atomic():
        registration.decide(days, until=days.now)


def _january(year: int, day: int, days: Days) -> datetime:
    """Return a day of the January after a year, as far as it has come."""
    return min(datetime(year + 1, 1, day, 10, tzinfo=clock.CHINA), days.now)


def _year(year: int, points_by_spec: Sequence[tuple[Spec, int]], days: Days) -> None:
    for spec, points in points_by_spec:
        _score(spec, points, year, at=_january(year, 8, days))
    first, second = sign_in("province"), sign_in("province2")
    at = _january(year, 12, days)
    run = runs.run_year(year=year, by=actor(first, at=at), at=at)
    at = _january(year, 14, days)
    runs.publish_run(run_id=run, by=actor(second, at=at), at=at)


def _score(spec: Spec, points: int, year: int, *, at: datetime) -> None:
    """Enter the authority's points, a little different for each item, for those on the list at the year's end."""
    key = institution(spec).pk
    if not standings.standing(key, datetime.combine(date(year, 12, 31), at.time(), tzinfo=clock.CHINA)).listed:
        return
    items, reasons = ranking_questions.method_at(at).items, REASONS if points >= 75 else POOR
    scores.enter_authority_score(
        institution_id=key,
        year=year,
        scores={item.key: points + (n * 3) % 7 - 3 for n, item in enumerate(items)},
        reasons={item.key: reasons.get(item.key, "经核查，见当年检查记录。") for item in items},
        by=actor(spec.office, at=at),
        at=at,
    )
