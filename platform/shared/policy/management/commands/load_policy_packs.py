"""Load the authority and pack files of the tree."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.access import SYSTEM
from kernel.errors import Refusal
from shared.policy import operations


class Command(BaseCommand):
    """manage.py load_policy_packs [FILE ...]: loads the shipped files, or pack files that are named."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take pack files."""
        parser.add_argument("files", nargs="*", type=Path, help="pack files; without any, all that are shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say the versions; a refused file ends with its sentences and nothing of it is loaded."""
        at = clock.now()
        try:
            if options["files"]:
                texts = [file.read_text(encoding="utf-8") for file in options["files"]]
                versions = [operations.load_pack(text=text, by=SYSTEM, at=at).version for text in texts]
            else:
                operations.load_authorities(at=at)
                versions = operations.load_packs(at=at)
        except (Refusal, OSError) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"policy packs: {', '.join(versions)}")
