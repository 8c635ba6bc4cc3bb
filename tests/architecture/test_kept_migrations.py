"""Migrations that have landed are kept: nobody edits them, a change is a new one; `migrations.txt` names contents.

What may follow the code is the place from which a migration imports; whoever moves that changes the line in the list.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("migrations.txt")


def migrations() -> dict[str, str]:
    """Return each migration's file with a digest of its content."""
    files = (path for base in ("platform", "tenants") for path in sorted((ROOT / base).rglob("migrations/0*.py")))
    return {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in files}


def test_a_landed_migration_is_not_edited_and_a_new_one_is_listed() -> None:
    listed = dict(line.split() for line in LIST.read_text(encoding="utf-8").splitlines())
    assert migrations() == listed
