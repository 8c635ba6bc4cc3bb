"""Load the authority and pack files that are shipped, or others."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from kernel.errors import Refusal

from ...operations import packs


class Command(BaseCommand):
    """manage.py load_policy_packs [FILE ...] [--from DIR]: loads the shipped files and those of NUOXING_POLICY_PACKS,
    or the files that are named, or the packs of a folder with the authorities in its folder authorities/. All files
    are read before any is loaded; every fault is told with file, line, key and cause, and the command ends with 1.
    """

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take pack files."""
        parser.add_argument("--from", dest="folder", type=Path, help="a folder of packs and authorities/")
        parser.add_argument("files", nargs="*", type=Path, help="pack files; without any, all that are shipped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say the versions; a refused file ends with its sentences and nothing of it is loaded."""
        at = clock.now()
        try:
            if options["folder"]:
                if not options["folder"].is_dir():
                    raise CommandError(f"{options['folder']} is no folder")
                versions = packs.load_folder(folder=options["folder"], at=at)
            elif options["files"]:
                versions = packs.load_files(files=options["files"], at=at)
            else:
                packs.load_authorities(at=at)
                versions = packs.load_packs(at=at)
        except Refusal as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"policy packs: {', '.join(versions)}")
        for missing in packs.missing_of(settings.NUOXING_JURISDICTION):
            self.stderr.write(f"NUOXING_JURISDICTION={settings.NUOXING_JURISDICTION}: {missing}")
