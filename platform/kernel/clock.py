"""Clock: the one place where time is taken.

Operations and queries are given their time as an argument; edges (views, tasks, commands) take it here. A demonstration
may give ONE request its own time (`at`); there is no global offset.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")
YEARS = range(1900, 2101)
"""The years in which anything here can lie: a day of birth, a term's end. Beyond them reckoning with days overflows."""

_simulated: ContextVar[datetime | None] = ContextVar("nuoxing_moment", default=None)


def now() -> datetime:
    """Return the time of the request or task at hand (aware, UTC): real time, unless it runs at a simulated one."""
    return _simulated.get() or timezone.now()


def real_now() -> datetime:
    """Return real time, whatever time the request was given: sessions, tickets, codes and signatures use this."""
    return timezone.now()


def simulated_now() -> datetime | None:
    """Return the simulated time of this request or task, or None when it runs in real time."""
    return _simulated.get()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Let the enclosed code run at `moment`; None means real time."""
    token = _simulated.set(moment)
    try:
        yield
    finally:
        _simulated.reset(token)


def parse(text: str) -> datetime | None:
    """Return the time that a text names (ISO 8601 with an offset, in YEARS), None where it is no such time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in YEARS else None


def legal_day(moment: datetime) -> date:
    """Return the calendar day in Asia/Shanghai, in which every legal term is counted."""
    return moment.astimezone(CHINA).date()
