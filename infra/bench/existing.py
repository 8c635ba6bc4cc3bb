"""A pytest plugin: of all tests only those that an earlier revision had, known by their names wherever they lie now.

`-p infra.bench.existing` with EXISTING_TESTS naming a file of names, one a line, as `names` gives them.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a bench runs where no test ever did
    import pytest

LIST = "EXISTING_TESTS"


def names(collected: str) -> set[str]:
    """Return the names of tests in what `pytest --collect-only -q` writes: without file and class, with parameters."""
    return {
        _name(line.partition("::")[2]) for line in collected.splitlines() if line.startswith("tests/") and "::" in line
    }


def _name(within: str) -> str:
    before, bracket, parameters = within.partition("[")
    return before.rpartition("::")[2] + bracket + parameters


def pytest_collection_modifyitems(config: "pytest.Config", items: "list[pytest.Item]") -> None:
    """Leave out what is new."""
    wanted = set(Path(os.environ[LIST]).read_text(encoding="utf-8").splitlines())
    old = [item for item in items if item.name in wanted]
    config.hook.pytest_deselected(items=[item for item in items if item.name not in wanted])
    items[:] = old
