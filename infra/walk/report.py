"""Report of the walk: each step with its clause, its seconds and an excerpt of the page."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Step:
    """One step of the life."""

    name: str
    clause: str
    seconds: float = 0.0
    excerpt: str = ""


@dataclass
class Report:
    """All steps, and the addresses that are left at the end."""

    quiet: bool = False
    steps: list[Step] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    current_step: str = ""

    @contextmanager
    def step(self, name: str, clause: str) -> Iterator[Step]:
        """Time a step and print it when it is done; what it saw is set by the step itself."""
        step = Step(name, clause)
        self.current_step = name
        begun = time.monotonic()
        yield step
        step.seconds = round(time.monotonic() - begun, 3)
        self.steps.append(step)
        if not self.quiet:
            print(
                f"{len(self.steps):3}  {step.seconds:6.2f} s  {step.name}  [{step.clause}]\n       {step.excerpt}",
                flush=True,
            )

    def as_json(self) -> str:
        """Return the report for machines."""
        return json.dumps({"steps": [asdict(s) for s in self.steps], **self.results}, ensure_ascii=False, indent=2)

    def failed(self, why: str) -> None:
        """Say which step is not as it should be."""
        self.results["failed"] = {"step": len(self.steps) + 1, "name": self.current_step, "why": why}
        print(f"Step {len(self.steps) + 1} ({self.current_step}) is not as it should be: {why}", file=sys.stderr)
