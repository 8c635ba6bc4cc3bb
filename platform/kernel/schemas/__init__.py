"""Institutions' schemas as such: how one is made, brought up to date, compared, carried away and brought back.

Only the kernel touches a schema as such; which schemas there are is for shared.institutions to say.
"""

from .building import Build, build_schema, drop_schema, exists, rename_schema
from .catalogue import Size, differences, size_of, sizes, tables
from .copies import BadCopy, Manifest, bring_back, digests, look_into, take
from .executor import SetWise
from .migrating import Migrator, Outcome
from .plans import fingerprint_of, fingerprints, wanted

__all__ = [
    "BadCopy",
    "Build",
    "Manifest",
    "Migrator",
    "Outcome",
    "SetWise",
    "Size",
    "bring_back",
    "build_schema",
    "differences",
    "digests",
    "drop_schema",
    "exists",
    "fingerprint_of",
    "fingerprints",
    "look_into",
    "rename_schema",
    "size_of",
    "sizes",
    "tables",
    "take",
    "wanted",
]
