"""Rows do not cross from app to app: the tracer sees each way over the border, and the list of the rest is well-formed.

Whether anything crosses that is not on the list is found by `./nuoxing test --all`, over every test (support.border).
"""

import tomllib
from collections import Counter
from typing import Any

import pytest

from shared.policy.models import CalendarPlan
from support import crossings

LOWER = crossings.ROOT / "platform" / "shared" / "policy" / "planted.py"
UPPER = crossings.ROOT / "tenants" / "rosters" / "planted.py"

GIVES = """
def row():
    return make()

def rows():
    yield make()

def held():
    return [Holder(make())]

def number():
    return make().year

def take(plan):
    return None
"""

TAKES = """
def receives():
    row()

def iterates():
    for _plan in rows():
        pass

def unpacks():
    held()

def passes():
    take(make())

def reads():
    return make().year

def values():
    return number()
"""


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Counter[crossings.Site]]:
    """Functions of an upper app that ask those of a lower one, compiled as the tracer compiles, and what it counts."""
    from dataclasses import make_dataclass

    events: Counter[crossings.Site] = Counter()
    monkeypatch.setattr(crossings, "events", events)
    monkeypatch.setattr(CalendarPlan, "__getattribute__", crossings.read, raising=False)
    names: dict[str, Any] = {
        "__border_enter__": crossings.enter,
        "__border_leave__": crossings.leave,
        "make": lambda: CalendarPlan(year=2026),
        "Holder": make_dataclass("Holder", ["plan"]),
    }
    exec(crossings.compiled(GIVES, str(LOWER)), names)
    exec(crossings.compiled(TAKES, str(UPPER)), names)
    return names, events


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        ("receives", "receives"),
        ("iterates", "receives"),
        ("unpacks", "receives"),
        ("passes", "passes"),
        ("reads", "reads"),
    ],
)
def test_a_planted_crossing_is_seen(planted: Any, function: str, kind: str) -> None:
    names, events = planted
    names[function]()
    assert list(events) == [(f"tenants.rosters.planted:{function}", kind, "CalendarPlan")]


def test_a_value_that_crosses_is_none(planted: Any) -> None:
    names, events = planted
    assert names["values"]() == 2026
    assert not events


def test_a_site_that_is_not_named_and_a_name_without_its_site_are_faults(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "border.toml"
    listed.write_text('most = 1\n[[rest]]\nreason = "a"\nsites = ["a:b reads C", "a:b walks C"]\n')
    monkeypatch.setattr(crossings, "NAMES", listed)
    seen = [("a:b", "reads", "C"), ("d:e", "reads", "F")]
    assert crossings.faults(seen, whole=False) == ["not named: d:e reads F", "2 sites are named, at most 1 may be"]
    assert "no longer happens: a:b walks C" in crossings.faults(seen, whole=True)


def test_the_list_is_at_most_a_quarter_of_what_it_was_and_gives_a_reason_for_each() -> None:
    named = tomllib.loads(crossings.NAMES.read_text())
    sites = [line for rest in named["rest"] for line in rest["sites"]]
    assert len(sites) == len(set(sites)) <= named["most"] <= named["baseline"] / 4
    assert all(len(rest["reason"]) > 20 for rest in named["rest"])
