"""Files of existing platforms that were uploaded."""

from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import NotFound

from ..models.import_files import ImportFile


def import_files() -> QuerySet[ImportFile]:
    """Return the files that were uploaded, newest first."""
    return ImportFile.objects.order_by("-id")


def import_file(import_id: UUID) -> ImportFile:
    """Return a file that was uploaded; refuses (NotFound) an unknown one."""
    row = ImportFile.objects.filter(pk=import_id).first()
    if row is None:
        raise NotFound
    return row
