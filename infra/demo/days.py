"""The days of the demonstration, counted from the day on which it is loaded, so that it is alive on any day."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kernel import clock
from shared.policy.queries import calendar as calendar_queries


@dataclass(frozen=True, slots=True)
class Days:
    """Moments around `now`, in China."""

    now: datetime

    @classmethod
    def today(cls) -> "Days":
        """Return the days around this moment."""
        return cls(clock.real_now().astimezone(clock.CHINA))

    @property
    def year(self) -> int:
        """Return the year that runs."""
        return self.now.year

    def of(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return an hour of a day so many days from today; negative days lie behind us."""
        return datetime.combine(self.now.date() + timedelta(days=days), time(hour, minute), tzinfo=clock.CHINA)

    def then(self, years_ago: int, month: int, day: int, hour: int = 9) -> datetime:
        """Return an hour of a day in an earlier year."""
        return datetime(self.now.year - years_ago, month, day, hour, tzinfo=clock.CHINA)

    def working_days_ago(self, days: int, hour: int = 10) -> datetime:
        """Return an hour of the day after which so many working days lie, up to and with today."""
        today = self.now.date()
        longest = 5 * days + 30  # in calendar days, whatever holidays there are
        ago = bisect_left(
            range(longest), days, key=lambda n: calendar_queries.working_days_left(today - timedelta(days=n), today)
        )
        day = today - timedelta(days=ago)
        return datetime.combine(self._working(day), time(hour), tzinfo=clock.CHINA)

    @staticmethod
    def _working(day: date) -> date:
        """Return `day` if offices work on it, else the last day before on which they do."""
        while calendar_queries.working_days_left(day - timedelta(days=1), day) < 1:
            day -= timedelta(days=1)
        return day
