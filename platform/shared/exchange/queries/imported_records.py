"""Imported hours of continuing education and announced institutions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import NotFound

from ..models import Announcement, HourRecord, ImportFile


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of continuing education as one source reported them; step 1 the employer's, step 2 the learning site's."""

    id: UUID
    source: str
    number: str
    certificate_number: str
    holder: str
    employer_code: str
    employer_name: str
    step: int
    hours: Decimal
    began_on: date
    ended_on: date
    topic: str
    as_of: datetime


def _value(row: HourRecord) -> Hours:
    return Hours(
        row.pk,
        row.source,
        row.number,
        row.certificate_number,
        row.holder,
        row.employer_code,
        row.employer_name,
        row.step,
        row.hours,
        row.began_on,
        row.ended_on,
        row.topic,
        row.as_of,
    )


def hours_of(certificate_numbers: Iterable[str]) -> list[Hours]:
    """Return the hours reported of some certificates, oldest first: what the app of continuing education reads."""
    rows = HourRecord.objects.filter(certificate_number__in=set(certificate_numbers))
    return [_value(row) for row in rows.order_by("ended_on", "pk")]


def hours(record_id: UUID) -> Hours:
    """Return one record of hours; refuses (NotFound) an unknown one."""
    row = HourRecord.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound
    return _value(row)


def all_hours() -> list[Hours]:
    """Return every record of hours, for the file that goes out."""
    return [_value(row) for row in HourRecord.objects.order_by("ended_on", "pk")]


def announcements() -> QuerySet[Announcement]:
    """Return the institutions that the existing publicity platform announced, by name."""
    return Announcement.objects.order_by("name")


def import_files() -> QuerySet[ImportFile]:
    """Return the files that were uploaded, newest first."""
    return ImportFile.objects.order_by("-id")


def import_file(import_id: UUID) -> ImportFile:
    """Return a file that was uploaded; refuses (NotFound) an unknown one."""
    row = ImportFile.objects.filter(pk=import_id).first()
    if row is None:
        raise NotFound
    return row


def current_rows(kind: str, numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is kept under the keys of a file's rows, as plain values, for the comparison of a preview."""
    if kind == "hours":
        records: Iterable[Any] = HourRecord.objects.filter(source="education-platform", number__in=set(numbers))
        return {r.number: _plain(r, HOUR_FIELDS) for r in records}
    return {
        r.credit_code: _plain(r, ANNOUNCED_FIELDS) for r in Announcement.objects.filter(credit_code__in=set(numbers))
    }


HOUR_FIELDS = (
    "certificate_number",
    "holder",
    "employer_code",
    "employer_name",
    "step",
    "hours",
    "began_on",
    "ended_on",
    "topic",
    "as_of",
)
ANNOUNCED_FIELDS = (
    "name",
    "category",
    "division_code",
    "address",
    "positions",
    "opinion",
    "signed_on",
    "notice_from",
    "notice_to",
    "as_of",
)


def _plain(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields}
