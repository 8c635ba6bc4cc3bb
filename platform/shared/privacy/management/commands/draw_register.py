"""Write the table of docs/privacy.md from the register and the fields' declarations."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ...queries import register as privacy_register

BEGIN, END = "<!-- register: begin -->", "<!-- register: end -->"


def table() -> str:
    """Return what is held, table by table, as Markdown."""
    lines = ["| table | held by | kept | fields and what for |", "|---|---|---|---|"]
    with translation.override("en"):
        for personal in privacy_register.holdings():
            if personal.holdings:
                fields = "; ".join(f"`{h.name.rpartition('.')[2]}` {h.purpose}" for h in personal.holdings)
                lines.append(
                    f"| {personal.title} (`{personal.label}`) | {personal.holder} | {personal.retention} | {fields} |"
                )
    return "\n".join(lines)


class Command(BaseCommand):
    """manage.py draw_register [--check]: the table between two marks; with --check fails where it is not up to date."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the check flag."""
        parser.add_argument("--file", default="docs/privacy.md")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        page = Path(options["file"])
        text = page.read_text()
        head, _mark, rest = text.partition(BEGIN)
        _old, _mark, tail = rest.partition(END)
        updated = f"{head}{BEGIN}\n{table()}\n{END}{tail}"
        if updated == text:
            return
        if options["check"]:
            raise CommandError("docs/privacy.md is not up to date, run manage.py draw_register")
        page.write_text(updated)
