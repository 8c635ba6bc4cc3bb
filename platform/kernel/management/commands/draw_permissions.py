"""Write docs/permissions.md from tests/permissions/expected.toml, which people write and no code."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kernel.roles import Role

FILE = Path(settings.ROOT) / "tests" / "permissions" / "expected.toml"
PAGE = Path(settings.ROOT) / "docs" / "permissions.md"
COLUMNS = (*Role.values, "person", "system")
HEAD = """# Permissions

Who may do what: all acts × roles. The expected side is `tests/permissions/expected.toml`, which is written and
changed by hand; `tests/permissions` compares it with what the rules (`rules.py` of each app) and the state charts
answer. Drawn by `manage.py draw_permissions`; a test compares the page with the file.

- A role counts in the scope alone for which it was granted: at an institution's host in that institution, at an
  authority for that authority's code, and with a second factor alone. Without one the answer is `second-factor-needed`,
  to nobody signed in `sign-in-needed`, else `denied`: on a page, by REST and in a task, since all ask `access.demand`.
- An office's role counts for the people of its own area: the scope is then the set of offices that answer for somebody,
  of which one will do ([privacy.md](privacy.md) says who belongs where). Below, the city officer is one city's.
- *person*: in a rule, whoever is concerned (a holder, an author), whatever roles. In a move, any actor: the operation
  that makes the move checks who is concerned, or makes it in the course of an act with a rule of its own (`complete`:
  the registrar who confirms the results). *system*: the platform itself, in tasks.
- What depends on one row (`not-on-duty`, `not-yours` and the like) is decided in operations and is not in this table.
- An act without a mark is open to nobody, also not to one person who holds every role: what takes two, takes two.
"""


def _table(first: Sequence[str], rows: Sequence[tuple[Sequence[str], Sequence[str]]]) -> str:
    head = [*first, *(column.replace("_", " ") for column in COLUMNS)]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(first)}{':-:|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join([*cells, *('●' if role in by else '' for role in COLUMNS)])} |" for cells, by in rows]
    return "\n".join(lines) + "\n"


def page(expected: Mapping[str, Any]) -> str:
    """Return the page that a file's content makes."""
    parts = [HEAD, "\n## Rules\n"]
    for app, acts in expected["rules"].items():
        parts += [f"\n### {app}\n\n", _table(["act"], [([act], by) for act, by in acts.items()])]
    parts.append("\n## Moves of the state charts\n")
    for chart, moves in expected["moves"].items():
        rows = [([name, ", ".join(move["from"])], move["by"]) for name, move in moves.items()]
        parts += [f"\n### {chart}\n\n", _table(["move", "from"], rows)]
    return "".join(parts)


class Command(BaseCommand):
    """manage.py draw_permissions."""

    help = "Writes docs/permissions.md from tests/permissions/expected.toml."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        PAGE.write_text(page(tomllib.loads(FILE.read_text())))
