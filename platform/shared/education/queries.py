"""Hours of continuing education, as one source or another reported them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel import folding
from kernel.errors import NotFound
from shared.exchange.states import EDUCATION

from .models import HourRecord


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
    return Hours(**{field.name: getattr(row, field.name) for field in fields(Hours)})


def hours_of(certificate_numbers: Iterable[str]) -> list[Hours]:
    """Return the hours reported of some certificates, oldest first: what the app of continuing education reads."""
    rows = HourRecord.objects.filter(certificate_number__in=set(map(folding.number, certificate_numbers)))
    return [_value(row) for row in rows.order_by("ended_on", "pk")]


def hours(record_id: UUID) -> Hours:
    """Return one record of hours; refuses (NotFound) an unknown one."""
    row = HourRecord.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound
    return _value(row)


def hours_by_number(numbers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the education platform's records under these numbers as plain values, for the preview of a file."""
    rows = HourRecord.objects.filter(source=EDUCATION, number__in=set(numbers))
    return {row.number: asdict(_value(row)) for row in rows}


def employers_hours(at: datetime) -> Iterator[dict[str, Any]]:
    """Yield the hours that employers gave (step one) as plain values, oldest first, for the file that goes out."""
    for row in HourRecord.objects.filter(step=1).order_by("ended_on", "pk"):
        yield asdict(_value(row))
