"""Schemas of institutions: creation, migration, comparison, export and restoration.

Only the kernel touches a schema as such; which schemas there are is for shared.institutions to say.
"""

from .archives import InvalidArchive, Manifest, export_schema, read_manifest, restore_schema, table_digests
from .building import BuildMethod, build_schema, drop_schema, exists, rename_schema
from .catalogue import Size, differences, size_of, sizes, tables
from .executor import SetWise
from .migrating import Migrator, Outcome
from .plans import fingerprint_of, fingerprints, target_fingerprint

__all__ = [
    "BuildMethod",
    "InvalidArchive",
    "Manifest",
    "Migrator",
    "Outcome",
    "SetWise",
    "Size",
    "build_schema",
    "differences",
    "drop_schema",
    "exists",
    "export_schema",
    "fingerprint_of",
    "fingerprints",
    "read_manifest",
    "rename_schema",
    "restore_schema",
    "size_of",
    "sizes",
    "table_digests",
    "tables",
    "target_fingerprint",
]
