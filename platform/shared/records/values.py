"""Stored files as other apps refer to them."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file: its key for a column that refers to it, where it lies and what it was found to be."""

    id: uuid.UUID
    path: str
    kind: str
    size: int
    sha256: str
