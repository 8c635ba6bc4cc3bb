"""Files of the existing platforms: previewed first, imported by a second step, harmless to repeat."""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, sheets
from kernel.access import Actor
from kernel.errors import Refusal
from shared.records import operations as records

from .. import rules
from ..models.import_files import ImportFile
from ..queries import files as exchange_file_queries
from ..queries import import_files
from ..states import IMPORT_FILE

RETENTION = "3 years, as evidence of what was taken over"


class FaultyRows(Refusal):
    """Rows with faults are left out only where somebody says so."""

    code = "rows-with-faults"
    message = _("Rows with faults: %(n)s. Correct the file, or say that they are to be left out.")


def upload_file(*, kind: str, content: "UploadedFile[Any]", by: Actor, at: datetime) -> ImportFile:
    """Store a file and preview it; nothing is imported yet.

    Refuses anybody but an operator (Denied), an unknown kind (Invalid), a file that cannot be read (Unreadable,
    FileRefused).
    """
    access.demand(by, rules.operates)
    sheet = exchange_file_queries.file_kind(kind).sheet
    raw, name = content.read(), str(content.name)
    if not raw:
        raise sheets.Unreadable(_("The file is empty."), field="file")
    rows = sheets.read(sheet, raw)
    with transaction.atomic():
        file = records.store_file(content=raw, name=name, by=by, at=at, kinds=("sheet",), retention=RETENTION)
        row = ImportFile(
            kind=kind, file_id=file.id, name=name[:200], rows=len(rows), faulty=sum(bool(r.faults) for r in rows)
        )
        row.uploaded_at, row.uploaded_by, row.state_since = at, access.account_of(by), at
        row.save(force_insert=True)
        audit.note("import_file.upload", row, by=by, at=at, after=audit.values(row, "kind", "rows", "faulty"))
    return row


def import_file(*, import_id: uuid.UUID, without_faulty: bool, by: Actor, at: datetime) -> Mapping[str, int]:
    """Import a file's rows, in one transaction; return how many were new, changed, same, older, left out.

    A row that is known and newer here stays; the same file again changes nothing. Refuses anybody but an operator
    (Denied), a file that was taken over or dropped (WrongState), and faults that nobody said to leave out (FaultyRows).
    """
    access.demand(by, rules.operates)
    with transaction.atomic():
        row = import_files.import_file(import_id)
        rows = exchange_file_queries.rows_of(row)
        faulty = sum(bool(r.faults) for r in rows)
        if faulty and not without_faulty:
            raise FaultyRows(n=faulty)
        IMPORT_FILE.move(row, "take", by=by, at=at)
        keep = exchange_file_queries.file_kind(row.kind).keep
        counts = Counter(keep(r.values, by=by, at=at) for r in rows if not r.faults)
        row.import_counts = dict(counts) | {"left_out": faulty}
        row.save(update_fields=["import_counts"])
    return dict(row.import_counts)


def discard_file(*, import_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Discard a file without importing anything. Refuses as `import_file` does."""
    access.demand(by, rules.operates)
    with transaction.atomic():
        IMPORT_FILE.move(import_files.import_file(import_id), "drop", by=by, at=at)
