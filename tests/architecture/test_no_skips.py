"""Every test decides: none is skipped where it counts, and none fails because a machine was busy."""

import re
from pathlib import Path

import hypothesis

ROOT = Path(__file__).resolve().parents[2]
SKIPS = re.compile(r"\bskip(if|Test|Unless)?\(|importorskip|mark\.(skip|xfail)|\bxfail\(")
DEADLINE = re.compile(r"\bdeadline=(?!None)\d")
ONE = "tests/life/conftest.py"


def test_no_test_is_skipped_but_those_of_a_browser_that_is_not_there() -> None:
    here = Path(__file__).resolve()
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != here]
    assert [str(path.relative_to(ROOT)) for path in tests if SKIPS.search(path.read_text("utf-8"))] == [ONE]


def test_where_it_counts_a_missing_browser_is_a_failure() -> None:
    assert "export NUOXING_REQUIRE_BROWSER=1" in (ROOT / ".ci" / "run").read_text("utf-8")
    browser = (ROOT / ONE).read_text("utf-8").partition("def browser")[2]
    assert browser.index("NUOXING_REQUIRE_BROWSER") < browser.index("pytest.fail") < browser.index("pytest.skip")
    assert len(SKIPS.findall((ROOT / ONE).read_text("utf-8"))) == 1


def test_time_decides_no_example() -> None:
    assert hypothesis.settings.default is not None
    assert hypothesis.settings.default.deadline is None
    here = Path(__file__).resolve()
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != here]
    assert [str(path.relative_to(ROOT)) for path in tests if DEADLINE.search(path.read_text("utf-8"))] == []
