"""Check pack files and lists of authorities without loading them."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...methods.files import FilesFaulty, files_in, heads_of, offices_of, read_files, shipped


class Command(BaseCommand):
    """manage.py check_policy_pack FILE|FOLDER ...: says every fault of every file with its line, key and cause; exit
    code 1 where there is one. A folder is checked with its folder authorities/, all files together and beside those
    that are shipped, as loading would.
    """

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the files."""
        parser.add_argument("files", nargs="+", type=Path, help="pack files, lists of authorities, or folders of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all files; a fault in one does not hide those of the others."""
        files = _files(options["files"])
        there = shipped(without=files)
        try:
            readings = read_files(files, heads=heads_of(there), offices=offices_of(there))
        except FilesFaulty as fault:
            raise CommandError(str(fault)) from None
        for file, listing in readings.authorities.items():
            what = f"{len(listing.listed())} authorities and divisions of {listing.jurisdiction}"
            self.stdout.write(f"{file}: {what}, as it should be")
        for file, reading in readings.packs.items():
            pack = reading.pack
            what = f"{pack.version} for {pack.jurisdiction}, in force from {pack.effective_from}"
            self.stdout.write(f"{file}: {what}, is as it should be")


def _files(named: Sequence[Path]) -> list[Path]:
    """Return the files that are named, and those of the folders that are."""
    files: list[Path] = []
    for path in named:
        in_path = files_in(path) if path.is_dir() else [path]
        if not in_path:
            raise CommandError(f"{path}: there is no file *.toml in this folder, nor in its folder authorities/")
        files += in_path
    return files
