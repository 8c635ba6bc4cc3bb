"""The files of one test, in a folder of its own that is made when something is kept in it."""

import os
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class OwnFolder(FileSystemStorage):
    """A storage whose place follows the test that now runs."""

    place = Path()

    def __init__(self, name: str) -> None:
        """Keep what this storage's folder is called."""
        super().__init__()
        self.name = name

    @property
    def base_location(self) -> str:  # type: ignore[override]  # of a test, so never kept
        """Return where it stands."""
        return str(OwnFolder.place / self.name)

    @property
    def location(self) -> str:  # type: ignore[override]  # as above
        """Return where it stands, absolutely."""
        return os.path.abspath(self.base_location)


STORAGES = {
    name: {"BACKEND": f"{__name__}.{OwnFolder.__name__}", "OPTIONS": {"name": name}} for name in ("default", "public")
}
