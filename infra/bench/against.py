"""Any bench beside the same bench of an earlier revision: both whole, one after the other, in turns.

Each side runs by its own `./nuoxing`, on a database of its own; a ratio is this checkout's figure over the other's.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from infra.bench import revisions
from infra.bench.report import Sense, Target, ratio
from infra.bench.revisions import Checkout
from infra.stack.progress import StackError, say

PAIRS = 2
MISSED = 1
"""The status of a bench that missed a must: its figures are figures all the same."""

Figures = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a ratio to an earlier revision must be, and what is aimed at."""

    must: float
    goal: float
    sense: Sense = "<="


LIMITS: Mapping[str, Mapping[str, Limit]] = {"enrolment": {"counter": Limit(1.05, 1.0), "import": Limit(1.05, 1.0)}}
"""By bench and target; a ratio that is not named here only informs."""


def run(bench: str, seed: int, there: Checkout) -> list[Target]:
    """Measure both sides in turns; return this side's targets, and after them their ratios."""
    ours, theirs = list[Figures](), list[Figures]()
    for n in range(1, PAIRS + 1):
        for side, found in ((revisions.this(), ours), (there, theirs)):
            say(f"  .... {bench} of {side.name}, {n} of {PAIRS}", to_stderr=True)
            found.append(_figures(side, bench, seed))
    return [*_own(ours), *ratios(ours, theirs, LIMITS.get(bench, {}))]


def _figures(side: Checkout, bench: str, seed: int) -> Figures:
    output = side.call("bench", bench, "--json", "--seed", str(seed), statuses=(0, MISSED))
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise StackError(f"{side.name}: the bench {bench} printed no figures:\n{output[-1000:]}")
    return {target["name"]: target for target in json.loads(lines[-1])["targets"]}


def _own(rounds: Sequence[Figures]) -> list[Target]:
    made = []
    for name, first in rounds[0].items():
        values = [one[name]["value"] for one in rounds if one[name]["value"] is not None]
        made.append(
            Target(
                name, median(values) if values else None, first["unit"], first["must"], first["goal"], first["sense"],
                first.get("why", ""),
            )
        )  # fmt: skip
    return made


def ratios(ours: Sequence[Figures], theirs: Sequence[Figures], limits: Mapping[str, Limit]) -> list[Target]:
    """Return for each figure that both sides have, and that is not nothing, this side's over the other's."""
    made = []
    for name in ours[0]:
        pairs = [
            (here[name]["value"], there[name]["value"])
            for here, there in zip(ours, theirs, strict=True)
            if name in there and here[name]["value"] is not None and there[name]["value"]
        ]
        limit = limits.get(name)
        if pairs and limit:
            made.append(Target(f"{name}_against", ratio(pairs), "x", limit.must, limit.goal, limit.sense))
        elif pairs:
            made.append(Target(f"{name}_against", ratio(pairs), "x"))
    return made
