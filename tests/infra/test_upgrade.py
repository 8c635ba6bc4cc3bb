"""A state folder that an earlier commit made is brought up to date by this one, with everything in it."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.bench import revisions
from infra.bench.revisions import Checkout
from infra.stack import ports, record

PREVIOUS = os.environ.get("NUOXING_UPGRADE_FROM", "HEAD~1")
PATIENCE = 900
CATALOGUE = "from kernel.db.schemas import catalogue; print('\\n'.join(catalogue.lines('{schema}')))"
INSTITUTION = "from kernel import tenancy; print(tenancy.schemas()[0])"


class Folder:
    """A state folder, on which one checkout after the other is started."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.running: list[tuple[Checkout, subprocess.Popen[bytes]]] = []

    def up(self, side: Checkout) -> None:
        reservation = ports.reserve_near(18600)
        reservation.release()
        log = self.home.with_suffix(".log")
        process = side.start("up", "--demo", "--port", str(reservation.port), home=self.home, log=log)
        self.running.append((side, process))
        until = time.monotonic() + PATIENCE
        while record.read(self.home / "run.json").phase != "running":
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)

    def down(self) -> None:
        while self.running:
            side, process = self.running.pop()
            side.call("down", home=self.home)
            process.wait(timeout=90)

    def ask(self, side: Checkout, code: str) -> list[str]:
        return side.call("manage", "shell", "--no-imports", "-c", code, home=self.home).splitlines()


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[list[Folder]]:
    made = [Folder(tmp_path / name) for name in ("old", "fresh")]
    yield made
    for folder in made:
        folder.down()
        revisions.this().call("reset", "--yes", home=folder.home)


@pytest.fixture
def there() -> Iterator[Checkout]:
    made = revisions.other(PREVIOUS)
    yield made
    revisions.remove(made)


@pytest.mark.long
@pytest.mark.stack
def test_what_the_previous_commit_made_is_brought_up_to_date_and_lives_on(
    folders: list[Folder], there: Checkout
) -> None:
    here = revisions.this()
    old, fresh = folders
    for folder, side in ((old, there), (fresh, here)):
        folder.up(side)
        folder.down()

    old.up(here)
    here.call("walk", "--json", home=old.home)
    schemas = ["public", *(old.ask(here, INSTITUTION)[-1:])]
    upgraded = [old.ask(here, CATALOGUE.format(schema=schema)) for schema in schemas]
    old.down()

    assert upgraded == [fresh.ask(here, CATALOGUE.format(schema=schema)) for schema in schemas]
