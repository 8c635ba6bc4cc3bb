"""Check pack files and lists of authorities without loading them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...methods.authorities import read_authorities
from ...values.reading import PackFileError, read


class Command(BaseCommand):
    """manage.py check_policy_pack FILE ...: says every fault with its line and key; exit code 1 where there is one."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files."""
        parser.add_argument("files", nargs="+", type=Path, help="pack files, or lists of authorities")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each file; a fault in one does not hide those of the others."""
        faults = [message for file in options["files"] if (message := self._check(file))]
        if faults:
            raise CommandError("\n".join(faults))

    def _check(self, file: Path) -> str:
        """Say that a file is right, or return what is wrong with it."""
        try:
            text = file.read_text(encoding="utf-8")
            self.stdout.write(f"{file}: {_authorities(text) if _lists_authorities(text) else _pack(text)}")
        except PackFileError as fault:
            return f"{file}:\n{fault}"
        except (OSError, UnicodeDecodeError) as fault:
            return f"{file}: {fault}"
        return ""


def _lists_authorities(text: str) -> bool:
    return any(line.strip() == "[[cities]]" for line in text.splitlines())


def _authorities(text: str) -> str:
    authorities = read_authorities(text)
    return f"{len(authorities.listed())} authorities and divisions of {authorities.jurisdiction}, as it should be"


def _pack(text: str) -> str:
    pack = read(text).pack
    return f"{pack.version} for {pack.jurisdiction}, in force from {pack.effective_from}, is as it should be"
