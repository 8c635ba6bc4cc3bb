"""Several management commands in one process: what each wrote, and how one that fails is told."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.stack.manager import Manager
from infra.stack.paths import ROOT, Paths
from infra.stack.progress import Interrupted, StackError, stop_requested


@pytest.fixture
def manager(tmp_path: Path, public_db: None) -> Iterator[Manager]:
    made = Manager(Paths(ROOT, tmp_path), os.environ, tmp_path / "log")
    yield made
    made.close()


def test_each_command_gives_back_what_it_wrote_and_django_is_set_up_once(manager: Manager) -> None:
    assert "Nuoxing" not in manager("diffsettings", "--help")
    process = manager._process
    assert manager("shell", "-v", "0", "-c", "print('second')") == "second\n"
    assert manager._process is process


def test_a_command_that_fails_is_told_with_its_last_lines_and_the_next_goes_on(manager: Manager) -> None:
    with pytest.raises(StackError, match="Unknown command: 'no_such_command'"):
        manager("no_such_command")
    with pytest.raises(StackError, match=r"shell failed \(1\)(.|\n)*ZeroDivisionError"):
        manager("shell", "-v", "0", "-c", "1/0")

    assert manager("shell", "-v", "0", "-c", "print('third')") == "third\n"


def test_a_process_that_dies_is_told(manager: Manager) -> None:
    with pytest.raises(StackError, match=r"shell failed \(ended\)"):
        manager("shell", "-v", "0", "-c", "import os; print('last words', flush=True); os._exit(3)")


def test_a_person_who_asks_to_stop_is_heard(manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_requested, "is_set", lambda: True)

    with pytest.raises(Interrupted):
        manager("shell", "-v", "0", "-c", "import time; time.sleep(60)")
    assert manager._process is None
