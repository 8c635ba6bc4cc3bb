"""Rate limits: how often somebody does something in a while, counted where all processes see it (settings.CACHES).

A window begins at a multiple of its length and is counted by itself: cheap, and of one statement (two from the second
on). Whoever is limited is kept as a keyed hash alone. That a limit was reached is written down for the operator.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext_lazy as _

from kernel import clock, tenancy
from kernel.crypto import blind
from kernel.errors import Refusal, StrOrPromise
from kernel.models import ReachedLimit
from kernel.rates import Rate

SHOWN_FOR = timedelta(days=7)
_labels: dict[str, StrOrPromise] = {}
log = logging.getLogger(__name__)

RECORD = (
    "INSERT INTO kernel_reachedlimit AS row (name, day, refusals, last_at) VALUES (%s, %s, 1, %s)"
    " ON CONFLICT (name, day) DO UPDATE SET refusals = row.refusals + 1, last_at = excluded.last_at"
)


class TooMany(Refusal):
    """Something was done more often than its limit allows."""

    code = "limit-reached"
    status = 429
    retry_in = 60
    title = _("Too many at once")
    message = _("This was done too often from your address. Please wait and try again.")


def declare(name: str, label: StrOrPromise) -> str:
    """Return the name of a limit, once it is known what the operator reads of it."""
    _labels[name] = label
    return name


def consume(name: str, who: str, limits: Sequence[Rate], *, real: datetime, refusal: type[TooMany] = TooMany) -> None:
    """Count one more of `name` by `who`; refuses (`refusal`) over any of the limits, and counts no further then."""
    for rate in limits:
        key, left = _window(name, who, rate, real)
        if not cache.add(key, 1, left) and _more(key) > rate.most:
            raise reached(name, left, real=real, refusal=refusal)


def demand(name: str, who: str, limits: Sequence[Rate], *, real: datetime, refusal: type[TooMany] = TooMany) -> None:
    """Refuse (`refusal`) where `consume` would, and count nothing."""
    for rate in limits:
        key, left = _window(name, who, rate, real)
        if cache.get(key, 0) >= rate.most:
            raise reached(name, left, real=real, refusal=refusal)


def reached(name: str, seconds: int, *, real: datetime, refusal: type[TooMany] = TooMany) -> TooMany:
    """Write down that a limit was reached, and return the refusal that says when to come again."""
    log.warning("the limit %s was reached", name)
    with tenancy.open_public(), connection.cursor() as cursor:
        cursor.execute(RECORD, [name, clock.legal_day(real), real])
    fault = refusal()
    fault.retry_after = seconds
    return fault


def _window(name: str, who: str, rate: Rate, real: datetime) -> tuple[str, int]:
    """Return the key of the present window and how many seconds of it are left."""
    second = int(real.timestamp())
    key = blind(f"{name}:{rate.seconds}:{second // rate.seconds}:{who}").hex()
    return f"limit:{key}", rate.seconds - second % rate.seconds


def _more(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two statements
        return 1


@dataclass(frozen=True, slots=True)
class DayOfLimit:
    """How often a limit refused somebody on a day."""

    name: StrOrPromise
    day: date
    refusals: int
    last_at: datetime


def days_of_limits(real: datetime) -> tuple[DayOfLimit, ...]:
    """Return which limits were reached in the last days, the newest first."""
    rows = ReachedLimit.objects.filter(day__gt=clock.legal_day(real) - SHOWN_FOR).order_by("-day", "name")
    return tuple(DayOfLimit(_labels.get(row.name, row.name), row.day, row.refusals, row.last_at) for row in rows)
