"""How `./nuoxing test` spreads pytest's tests over the cores."""

import re
from pathlib import Path

import pytest

from infra.stack import testing
from infra.stack.paths import ROOT
from support.spreading import TOGETHER

ALL_CORES = ["-n", "logical", "--maxprocesses", "4", "--dist", "loadscope"]


@pytest.mark.parametrize("words", [(), ("-q",), ("tests/shared",), ("tests/a.py", "tests/b.py"), ("-k", "name")])
def test_tests_are_spread_over_the_cores(words: tuple[str, ...]) -> None:
    assert testing.spread(words) == ALL_CORES


@pytest.mark.parametrize("words", [("tests/a.py",), ("-q", "tests/a.py::test_one[x.y]")])
def test_a_single_file_is_not_worth_a_second_database(words: tuple[str, ...]) -> None:
    assert testing.spread(words) == []


def test_what_is_made_once_for_a_file_or_a_folder_is_made_on_one_worker() -> None:
    root = Path(__file__).resolve().parents[2]
    shared = re.compile(r"@pytest\.fixture\(scope=\"(module|package)\"")
    files = [path.relative_to(root).as_posix() for path in sorted((root / "tests").rglob("*.py"))]
    made = [name for name in files if shared.search((root / name).read_text(encoding="utf-8"))]
    assert [name for name in made if not name.startswith(tuple(TOGETHER))] == []
    assert [beginning for beginning in TOGETHER if not any(name.startswith(beginning) for name in files)] == []


def test_each_worker_has_a_database_and_roles_of_its_own(worker_id: str, public_db: None) -> None:
    from django.db import connection

    from kernel.db import roles

    own = str(connection.settings_dict["NAME"])
    assert own.endswith(f"_{worker_id}") == (worker_id != "master")
    assert roles.platform_role() == roles.prefix() + "#platform"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user")
        assert cursor.fetchone() == (own, roles.platform_role())


def test_what_tests_ask_of_the_environment_reaches_them() -> None:
    asked = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r'environ\.get\("(NUOXING_\w+)"', path.read_text(encoding="utf-8"))
    }
    assert asked <= testing.PASSED_VARIABLES
