"""Institutions' schemas as such: how one is made, brought up to date, compared, carried away and brought back.

Only the kernel touches a schema as such; which schemas there are is for shared.institutions to say.
"""

from .building import Build, build_schema, drop_schema, exists, rename_schema
from .catalogue import Size, differences, size_of, sizes, tables
from .executor import SetWise
from .migrating import Migrator, Outcome
from .plans import fingerprint_of, fingerprints, wanted

__all__ = [
    "Build",
    "Migrator",
    "Outcome",
    "SetWise",
    "Size",
    "build_schema",
    "differences",
    "drop_schema",
    "exists",
    "fingerprint_of",
    "fingerprints",
    "rename_schema",
    "size_of",
    "sizes",
    "tables",
    "wanted",
]
