"""A year's plan of days off and working weekends, as people write it down or paste it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.folding import half_width

_DAY = r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_LINE = re.compile(rf"{_DAY}(?:\s*(?:\.\.|~|～|至|到|—|–)\s*{_DAY})?[\s,;:，；：\t]*(.*)")
_OFF = frozenset({"off", "holiday", "rest", "休", "放假", "休息", "假"})
_WORK = frozenset({"work", "working", "workday", "班", "上班", "工作", "调休上班"})
MAX_DAYS = 31  # days in one line: a longer one is a slip of the pen


@dataclass(frozen=True, slots=True)
class PlanFault:
    """What is wrong with a line of a plan."""

    line: int
    what: str


class PlanUnreadable(ValueError):
    """The text is no plan; `faults` say all that is wrong with it. The words are keys: shape, date, order, long, twice,
    year, empty.
    """

    def __init__(self, faults: list[PlanFault]) -> None:
        """Keep the faults in order."""
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.line}: {fault.what}" for fault in faults))


def read_plan(text: str, year: int) -> Mapping[date, bool]:
    """Return which days of a plan are worked (True) or off (False).

    One line is a day, or a first and a last day, and then off or work (休 or 班): "2027-01-01..2027-01-03 off",
    "2027年2月6日 班". Blank lines and lines that begin with # are passed over. Days of the December before and of the
    January after may stand in it. Raises PlanUnreadable with every fault.
    """
    days: dict[date, bool] = {}
    faults: list[PlanFault] = []
    for number, raw in enumerate(half_width(text).splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        fault = _read_line(line, year, days)
        if fault:
            faults.append(PlanFault(number, fault))
    if not days and not faults:
        faults.append(PlanFault(1, "empty"))
    if faults:
        raise PlanUnreadable(faults)
    return dict(sorted(days.items()))


def _read_line(line: str, year: int, days: dict[date, bool]) -> str:
    """Add what a line says to `days`, or return what is wrong with it."""
    match = _LINE.fullmatch(line)
    kind = match[7].strip().lower() if match else ""
    if match is None or kind not in _OFF | _WORK:
        return "shape"
    try:
        first = date(int(match[1]), int(match[2]), int(match[3]))
        last = date(int(match[4]), int(match[5]), int(match[6])) if match[4] else first
    except ValueError:
        return "date"
    if last < first:
        return "order"
    if (last - first).days >= MAX_DAYS:
        return "long"
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not all(date(year - 1, 12, 1) <= day <= date(year + 1, 1, 31) for day in span):
        return "year"
    if any(day in days for day in span):
        return "twice"
    days.update(dict.fromkeys(span, kind in _WORK))
    return ""
