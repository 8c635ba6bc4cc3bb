"""Impact of a policy change: what is open on the day it begins, as the apps that own it count it.

Policy is a low app and knows none of them: they register here which values they decide things by. Each counts shared
rows only, in a fixed number of questions.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from kernel.hooks import Hook

from ..models import Authority

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked about: a jurisdiction with the codes of all its authorities, the day of the change, and now."""

    jurisdiction: str
    codes: frozenset[str]
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ImpactItem:
    """Something open that was decided by a value: what, how many, what becomes of it, and where they are listed."""

    what: Words
    count: int
    how: Words
    url: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What is touched, with the changed paths that touch it."""

    item: ImpactItem
    paths: tuple[str, ...]
    labels: tuple[str, ...] = ()


ImpactCounter = Callable[[Change], Iterable[ImpactItem]]
impact_counters: Hook[ImpactCounter] = Hook(
    "policy.impact",
    "Connected under the paths of a pack that it decides by; is given a Change and yields an ImpactItem for everything"
    " open that the values at these paths decided, in a fixed number of questions.",
)


def register_impact(*paths: str) -> Callable[[ImpactCounter], ImpactCounter]:
    """Let an upper app tell what is open and decided by the values at these paths of a pack, or below them."""
    return impact_counters.connect(paths)


def impacts_of(paths: Sequence[str], *, jurisdiction: str, on: date, at: datetime) -> list[Impact]:
    """Return what is touched when the values at `paths` change on a day, as every app that decides by them counts."""
    change = Change(jurisdiction, authority_codes(jurisdiction), on, at)
    impacts = []
    for places, function in impact_counters.connected:
        if hit := tuple(path for path in paths if any(_within(path, place) for place in places)):
            impacts += [Impact(item, hit) for item in function(change)]
    return impacts


def _within(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}.") or place.startswith(f"{path}.")


def authority_codes(jurisdiction: str) -> frozenset[str]:
    """Return the codes of a province's authorities and divisions, its own first of all."""
    rows = Authority.objects.values_list("code", "parent__code", "parent__parent__code")
    return frozenset({jurisdiction} | {code for code, *above in rows if jurisdiction in above})


def provinces_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the provinces to which authorities belong; a code that is no authority here stands for itself."""
    wanted_codes = set(codes)
    rows = Authority.objects.filter(code__in=wanted_codes).values_list("code", "parent__code", "parent__parent__code")
    tops = {code: next(top for top in (above, parent, code) if top) for code, parent, above in rows}
    return frozenset(tops.get(code, code) for code in wanted_codes)
