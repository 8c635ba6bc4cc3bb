"""Preparation before pages can be served: database, migrations, static files, demonstration."""

import json
import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from infra.demo.jiangxi import JURISDICTION
from infra.stack.digests import Stamp, below, digest
from infra.stack.manager import Manager
from infra.stack.paths import Paths
from infra.stack.progress import StackError, run, say, step

NO_WAITING = {"PGOPTIONS": "-c synchronous_commit=off"}
"""On our own server nothing waits for the disk at each commit; `infra.stack.managing` does once a command."""


class Preparation:
    """The steps before the web process, with one environment, one log and one Django, which `close` lets go."""

    def __init__(self, paths: Paths, env: Mapping[str, str]) -> None:
        self.paths = paths
        self.env = env
        self.log = paths.logs / "prepare.log"
        self.manage = Manager(paths, {**env, **({} if os.environ.get("DATABASE_URL") else NO_WAITING)}, self.log)

    def close(self) -> None:
        """Let go of Django; a step that comes after all starts it again."""
        self.manage.close()

    def begin(self) -> None:
        """Set Django up meanwhile, where management commands are certain to follow; it needs no database for that."""
        self.manage.begin()

    def database(self) -> bool:
        """Make the database and Celery's queue where they are missing; says whether the database is new."""
        with step("database"):
            output = run(
                [self.paths.python, "-m", "infra.stack.database"], cwd=self.paths.root, env=self.env, log=self.log,
                error_message="The database is not ready",
            )  # fmt: skip
        return "database" in output.split()

    def migrate(self, stamp: Stamp | None) -> None:
        """Bring every schema to what the code expects; skipped when the stamp says that nothing has changed since."""
        root = self.paths.root
        migrations = [
            path
            for top in (root / "platform", root / "tenants")
            for path in below(top, "*.py")
            if path.parent.name == "migrations" or path.name == "tasks.py"  # tasks may be asked for by registered name
        ]
        rights = [
            root / "platform" / path
            for path in (
                "config/grants.py",
                "config/tenant_grants.py",
                "config/function_grants.py",
                "kernel/db/function_rights.py",
                "kernel/db/grants.py",
                "kernel/db/roles.py",
                "kernel/db/row_security.py",
                "kernel/later.py",
                "kernel/task_rights.py",
            )
        ]
        inputs = digest([*migrations, *rights, root / "requirements.txt"], base=root)
        if stamp and stamp.is_(inputs):
            return
        with step("migrations"):
            # The shared schema first; then every institution's, with those that were listed just before a kill.
            self.manage("migrate_schemas", "--shared", "--noinput")
            self.manage("migrate_institutions")
            self.manage("apply_grants", "--skip-checks")
        if stamp:
            stamp.write(inputs)

    def policy_packs(self, stamp: Stamp | None) -> None:
        """Load the law that is shipped, and that of NUOXING_POLICY_PACKS: without it no page can say anything. Skipped
        when no file has changed since; a version that is known already stays as it is.
        """
        shipped = self.paths.root / "platform" / "shared" / "policy" / "packs"
        own = Path(folder) if (folder := self.env.get("NUOXING_POLICY_PACKS")) else None
        inputs = " ".join(digest(below(folder, "*"), base=folder) for folder in (shipped, own) if folder)
        if stamp and stamp.is_(inputs):
            return
        with step("policy packs"):
            self.manage("load_policy_packs", "--skip-checks", plain=True)
        if stamp:
            stamp.write(inputs)

    def static_files(self) -> None:
        """Gather the static files of the front end and of the packages; skipped when neither has changed."""
        root = self.paths.root
        files = below(root / "frontend" / "dist", "*") + below(root / "frontend" / "public", "*")
        settings = root / "platform" / "config" / "settings.py"
        inputs = digest([*files, root / "requirements.txt", settings], base=root)
        state = Path(self.env["NUOXING_STATE"])
        stamp = Stamp(state / "static.stamp")
        if stamp.is_(inputs) and (state / "static").is_dir():
            return
        with step("static files"):
            self.manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
        stamp.write(inputs)

    def require_demonstration(self) -> None:
        """Refuse, with all that is missing, a demonstration of a province whose files are not made for one: before
        anything is started. The one that is shown by itself is known to be ready.
        """
        if self.env["NUOXING_JURISDICTION"] == JURISDICTION and not self.env.get("NUOXING_POLICY_PACKS"):
            return
        self.manage("check_demo", plain=True)

    def demonstration(self) -> None:
        """Load the demonstration province; what is already there stays as it is."""
        with step("demonstration province"):
            output = self.manage_if_there("load_demo", "--skip-checks")
        if output is None:
            say("  ---- no demonstration yet (manage.py has no command load_demo)")
        elif "./nuoxing reset" in output:
            say(f"  ---- {output.strip()}")

    def sign_ins(self) -> str:
        """The table of addresses and sign-ins, or nothing while there is none."""
        output = self.manage_if_there("demo_table", "--skip-checks")
        if not output:
            return ""
        try:
            return render(json.JSONDecoder().raw_decode(output[output.index("{") :])[0])
        except ValueError:
            return output.strip()

    def manage_if_there(self, *arguments: str) -> str | None:
        """Run a management command and give back what it wrote; None when there is no such command."""
        try:
            return self.manage(*arguments)
        except StackError as error:
            if re.search(rf"Unknown command: '{arguments[0]}'", str(error)):
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
