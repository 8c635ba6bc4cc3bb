"""Write docs/http-matrix.md from tests/isolation/http, which people write and no code."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

FOLDER = Path(settings.ROOT) / "tests" / "isolation" / "http"
PAGE = Path(settings.ROOT) / "docs" / "http-matrix.md"
HOSTS = {"platform": "The platform's host", "institution": "An institution's host"}
HEAD = """# Who gets through where

Every URL of both hosts × every visitor × every method that it takes, with keys of real rows: of one institution, its
trainee, its people, and what its city's officer has of them. The expected side is `tests/isolation/http/*.toml`,
written and changed by hand; `tests/isolation/test_http_matrix.py` really asks and compares, a sample in
`./nuoxing test`, all of it in `./nuoxing test --all`. Drawn by `manage.py draw_http`; a test compares the page.

*Reads* and *acts* name who gets through to the page or the act, be it done or refused for what was entered;
*not found* who is told that there is nothing. Everybody else is asked to sign in (%(signs_in)s, and a token away from
the API), for a second factor (who has the role and has not shown one), or is refused. Whoever works elsewhere meets at
the own host what the same role meets here, and "not found" for each of these things. The live gateway, which knows no
sessions, has a file of its own (`gateway.toml`): a test page's token opens its attempt, and nothing else opens it.

A visitor's name ends in `_elsewhere` where he works or learns at another institution, which answers to another city;
in `_other` where he is somebody else of the same kind (a trainee of the same class, a teacher of another class, a
proctor not on duty, the other city's officer); in `_weak` where he is signed in without a second factor.

| group | who |
|---|---|
"""
ANSWERS = {"": "", "second": "second factor: ", "refused": "refused: ", "sign_in": "sign in: "}


def _cell(row: Mapping[str, str], kind: str) -> str:
    said = [(row.get(f"{kind}_{answer}" if answer else kind), words) for answer, words in ANSWERS.items()]
    return "; ".join(f"{words}{_words(who)}" for who, words in said if who) or ("nobody" if kind in row else "–")


def _words(who: str) -> str:
    """Return a list of visitors as a page shows it; "-" before one takes it away."""
    return ", ".join(f"but not {name[1:]}" if name.startswith("-") else name for name in who.split())


def _hidden(row: Mapping[str, str]) -> str:
    names = [_words(row[key]) for key in ("read_hidden", "write_hidden") if row.get(key)]
    return "; ".join(dict.fromkeys(names)) or "–"


def page(visitors: Mapping[str, Any], hosts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page that the files make."""
    parts = [HEAD % {"signs_in": _words(visitors["signs_in"])}]
    parts += [f"| {name} | {_words(who)} |\n" for name, who in visitors["groups"].items()]
    for host, said in hosts.items():
        parts.append(f"\n## {HOSTS[host]}\n\n| what | URLs | reads | acts | not found |\n|---|--:|---|---|---|\n")
        for row in said["line"]:
            cells = [row["what"], str(len(row["urls"].split())), _cell(row, "read"), _cell(row, "write"), _hidden(row)]
            parts.append(f"| {' | '.join(cells)} |\n")
    return "".join(parts)


def drawn() -> str:
    """Return the page as the files are now."""
    read = {name: tomllib.loads((FOLDER / f"{name}.toml").read_text()) for name in ("visitors", *HOSTS)}
    return page(read.pop("visitors"), read)


class Command(BaseCommand):
    """manage.py draw_http."""

    help = "Writes docs/http-matrix.md from tests/isolation/http."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        PAGE.write_text(drawn())
