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
    "InvalidArchive",
    "BuildMethod",
    "Manifest",
    "Migrator",
    "Outcome",
    "SetWise",
    "Size",
    "restore_schema",
    "build_schema",
    "differences",
    "table_digests",
    "drop_schema",
    "exists",
    "fingerprint_of",
    "fingerprints",
    "read_manifest",
    "rename_schema",
    "size_of",
    "sizes",
    "tables",
    "export_schema",
    "target_fingerprint",
]
