"""The plugin that counts crossings (support.crossings) in a run of tests and compares them with the committed list.

`./nuoxing test --all` loads it by `-p support.border`: so it comes before the first app is imported.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from support import crossings

_faults: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the sites go, and whether every test ran."""
    parser.addoption("--border-report", help="write every site and its count to this file, as JSON")
    parser.addoption(
        "--border-whole", action="store_true", help="every test runs: a named site that stays out is a fault"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Learn whose each folder of templates is."""
    crossings.name_templates()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker counted."""
    for line, count in getattr(node, "workeroutput", {}).get("border", []):
        crossings.events[tuple(line)] += count


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts to the controller, or write them and compare them with the list."""
    config = session.config
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["border"] = [[list(site), count] for site, count in crossings.events.items()]
        return
    if report := config.getoption("border_report"):
        rows = [[*site, count] for site, count in sorted(crossings.events.items())]
        Path(report).write_text(json.dumps(rows, ensure_ascii=False, indent=0))
    _faults.extend(crossings.faults(crossings.events, whole=config.getoption("border_whole")))
    if _faults and session.exitstatus == 0:
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many there were, and what is wrong with the list."""
    terminalreporter.line(f"border: {len(crossings.events)} sites, {sum(crossings.events.values())} events")
    for line in _faults:
        terminalreporter.line(f"border: {line}", red=True)


crossings.begin()
