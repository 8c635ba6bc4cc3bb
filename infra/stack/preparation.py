"""What has to be done before pages can be served: database, migrations, static files, demonstration."""

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from infra.stack.digests import Stamp, below, digest
from infra.stack.places import Places
from infra.stack.progress import Trouble, run, say, step


class Preparation:
    """The steps before the web process, with one environment and one log."""

    def __init__(self, places: Places, env: Mapping[str, str]) -> None:
        self.places = places
        self.env = env
        self.log = places.logs / "prepare.log"

    def database(self) -> bool:
        """Make the database and Celery's queue where they are missing; says whether the database is new."""
        with step("database"):
            made = run(
                [self.places.python, "-m", "infra.stack.database"], cwd=self.places.root, env=self.env, log=self.log,
                words="The database is not ready",
            )  # fmt: skip
        return "database" in made.split()

    def migrate(self, stamp: Stamp | None) -> None:
        """Bring every schema to what the code expects; skipped when the stamp says that nothing has changed since."""
        root = self.places.root
        migrations = [
            path
            for top in (root / "platform", root / "tenants")
            for path in below(top, "*.py")
            if path.parent.name == "migrations"
        ]
        rights = [root / "platform" / path for path in ("config/reach.py", "kernel/roles.py", "kernel/walls.py")]
        wanted = digest([*migrations, *rights, root / "requirements.txt"], base=root)
        if stamp and stamp.is_(wanted):
            return
        with step("migrations"):
            # The shared schema first; then every institution's, with those that were listed just before a kill.
            self.manage("migrate_schemas", "--shared", "--noinput")
            self.manage("migrate_institutions")
            self.manage("build_walls")
        if stamp:
            stamp.write(wanted)

    def static_files(self) -> None:
        """Gather the static files of the front end and of the packages; skipped when neither has changed."""
        root = self.places.root
        files = below(root / "frontend" / "dist", "*") + below(root / "frontend" / "public", "*")
        settings = root / "platform" / "config" / "settings.py"
        wanted = digest([*files, root / "requirements.txt", settings], base=root)
        gathered = Path(self.env["NUOXING_STATE"])
        stamp = Stamp(gathered / "static.stamp")
        if stamp.is_(wanted) and (gathered / "static").is_dir():
            return
        with step("static files"):
            self.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
        stamp.write(wanted)

    def demonstration(self) -> None:
        """Load the demonstration province; what is already there stays as it is."""
        with step("demonstration province"):
            there = self.manage_if_there("load_demo")
        if there is None:
            say("  ---- no demonstration yet (manage.py has no command load_demo)")
        elif "./nuoxing reset" in there:
            say(f"  ---- {there.strip()}")

    def sign_ins(self) -> str:
        """The table of addresses and sign-ins, or nothing while there is none."""
        output = self.manage_if_there("demo_table")
        if not output:
            return ""
        try:
            return render(json.JSONDecoder().raw_decode(output[output.index("{") :])[0])
        except ValueError:
            return output.strip()

    def manage(self, *arguments: str) -> str:
        """Run a management command; gives back what it wrote."""
        return run(
            [self.places.python, "manage.py", *arguments], cwd=self.places.root, env=self.env, log=self.log,
            words=f"manage.py {arguments[0]} failed",
        )  # fmt: skip

    def manage_if_there(self, *arguments: str) -> str | None:
        """The same; None when there is no such command."""
        try:
            return self.manage(*arguments)
        except Trouble as no:
            if re.search(rf"Unknown command: '{arguments[0]}'", str(no)):
                return None
            raise


def render(tables: Mapping[str, object]) -> str:
    """Tables as text, columns aligned. Each is a list of rows; a row is an object (keys are headings) or a list."""
    blocks = []
    for title, rows in tables.items():
        if not isinstance(rows, list) or not rows:
            continue
        if isinstance(rows[0], dict):
            head = list(rows[0])
            cells = [head, *([str(row.get(name, "")) for name in head] for row in rows)]
        else:
            cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(_width(cell) for cell in column) for column in zip(*cells, strict=False)]
        lines = ["  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False))
                 for row in cells]  # fmt: skip
        blocks.append("\n".join([title, *(f"  {line.rstrip()}" for line in lines)]))
    return "\n\n".join(blocks)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
