"""A bench beside an earlier revision's: which tests were there, what a ratio is, what a tree of processes holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.bench import against, existing, footprint, revisions
from infra.bench.against import Limit
from infra.stack.paths import ROOT
from infra.stack.progress import StackError


def _figures(**values: float | None) -> against.Figures:
    return {
        name: {"name": name, "value": value, "unit": "ms", "must": None, "goal": None, "sense": "<="}
        for name, value in values.items()
    }


def test_a_ratio_is_ours_over_theirs_for_what_both_sides_measured() -> None:
    ours = [_figures(page=10, lost=0, new=3, absent=None), _figures(page=12, lost=0, new=3, absent=None)]
    theirs = [_figures(page=100, lost=0, absent=4), _figures(page=100, lost=0, absent=4)]

    (found,) = against.ratios(ours, theirs, {"page": Limit(must=0.1, goal=0.05)})

    assert (found.name, round(found.value or 0, 3), found.must, found.met) == ("page_against", 0.11, 0.1, False)


def test_a_ratio_without_a_limit_only_informs() -> None:
    (found,) = against.ratios([_figures(page=10)], [_figures(page=20)], {})

    assert (found.value, found.must, found.met) == (0.5, None, None)


def test_a_test_is_known_by_its_name_wherever_it_lies() -> None:
    collected = (
        "tests/a/test_b.py::test_one\ntests/a/test_b.py::TestC::test_two[x::y-1]\n\n2 tests collected\nWARNING: a::b\n"
    )

    assert existing.names(collected) == {"test_one", "test_two[x::y-1]"}


def test_the_plugin_leaves_out_what_is_new(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed = tmp_path / "listed"
    listed.write_text(f"{request.node.name}\ntest_gone", encoding="utf-8")
    monkeypatch.setenv(existing.LIST, str(listed))
    items = list(request.session.items)

    existing.pytest_collection_modifyitems(request.config, items)

    assert items == [request.node]


def test_a_tree_is_a_process_with_all_that_it_started() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        found = footprint.tree(process.pid)
        size = footprint.megabytes(found)
        process.communicate(b"\n")

    assert len(found) == 2
    assert size is not None
    assert 1 < size < 200
    assert footprint.tree(os.getpid())[0] == os.getpid()


def test_what_is_no_revision_is_refused() -> None:
    with pytest.raises(StackError, match="There is no revision no-such-thing"):
        revisions.other("no-such-thing")


def test_another_checkout_finds_nothing_of_ours_in_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NUOXING_STATE", "/ours")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ours")
    monkeypatch.setenv("NUOXING_PYTHON", "/usr/bin/python3")

    env = revisions.this().environment(tmp_path)

    assert env["NUOXING_STACK_HOME"] == str(tmp_path)
    assert env["NUOXING_PYTHON"] == "/usr/bin/python3"
    assert not {"NUOXING_STATE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"} & set(env)


def test_a_bench_begins_where_no_test_ever_ran() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['pytest', 'mypy', 'hypothesis'])); import infra.bench.__main__"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
