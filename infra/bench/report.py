"""Reports of benches: targets with the required value, the goal, and whether each is met."""

import json
import operator
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Literal

Sense = Literal[">=", "<="]
SENSES: dict[Sense, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Target:
    """One figure; `must` is a floor (`>=`) or a ceiling (`<=`), None where the figure only explains the others.

    `value` is None where it could not be measured here; that is no miss, and `why` says so.
    """

    name: str
    value: float | None
    unit: str
    must: float | None = None
    goal: float | None = None
    sense: Sense = ">="
    why: str = ""

    @property
    def met(self) -> bool | None:
        """Say whether what must be is so; None where nothing must be or nothing was measured."""
        return self._holds(self.must)

    @property
    def at_goal(self) -> bool | None:
        """Say whether what is aimed at is reached."""
        return self._holds(self.goal)

    def _holds(self, limit: float | None) -> bool | None:
        return None if self.value is None or limit is None else SENSES[self.sense](self.value, limit)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run of a bench."""

    bench: str
    seed: int
    targets: Sequence[Target]

    @property
    def missed(self) -> list[str]:
        """Return the names of the targets that are not as they must be."""
        return [target.name for target in self.targets if target.met is False]

    def as_json(self) -> str:
        """Return the report as machines read it."""
        targets = [
            {name: value for name, value in asdict(target).items() if name != "why" or target.value is None}
            | {"met": target.met}
            for target in self.targets
        ]
        report = {"bench": self.bench, "machine": machine(), "seed": self.seed, "targets": targets}
        return json.dumps(report, ensure_ascii=False)

    def as_table(self) -> str:
        """Return the report as people read it."""
        rows = [("target", "value", "unit", "must", "goal", "")]
        for t in self.targets:
            verdict = {True: "met", False: "MISSED", None: t.why if t.value is None else ""}[t.met]
            must, goal = (f"{t.sense} {_plain(limit)}" if limit is not None else "" for limit in (t.must, t.goal))
            rows.append((t.name, _plain(t.value), t.unit, must, goal, f"{verdict}{', goal' if t.at_goal else ''}"))
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return f"{self.bench} on {machine()}, seed {self.seed}\n\n" + "\n".join(lines)


def _plain(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.2f}"


def machine() -> str:
    """Describe this machine as far as ratios may depend on it; no name and no address."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        model = ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {model or platform.machine()}, {memory} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {busy:.1f}"
    )


def is_busy() -> bool:
    """Say whether others use this machine so much that even ratios are off."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the median of first/second over interleaved pairs: what disturbs the machine disturbs both of a pair."""
    return median(first / max(second, 1e-9) for first, second in pairs)
