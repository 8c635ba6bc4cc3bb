"""Hours of continuing education: one record each, the newest wins, step one is sent to the library."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from kernel import audit, folding
from kernel.access import SYSTEM, Actor
from kernel.crypto import blind
from kernel.fields import uuid7
from shared.exchange.operations.messages import send
from shared.exchange.states import EDUCATION, LIBRARY

from .models import HourRecord, HourVersion


def record_hours(
    *,
    source: str,
    number: str,
    certificate_number: str,
    holder: str,
    employer_code: str,
    employer_name: str,
    step: int,
    hours: Decimal,
    began_on: date,
    ended_on: date,
    topic: str,
    as_of: datetime,
    by: Actor = SYSTEM,
    at: datetime,
) -> str:
    """Store one record of hours; return "new", "changed", "same", or "older" for news that is older than what is known.

    The employer's own hours (step one) that came by a file are sent to the ministry's library (policy part 3).
    """
    facts: dict[str, Any] = {
        "certificate_number": folding.number(certificate_number),
        "holder": holder,
        "employer_code": employer_code,
        "employer_name": employer_name,
        "step": step,
        "hours": hours,
        "began_on": began_on,
        "ended_on": ended_on,
        "topic": topic,
        "as_of": as_of,
    }
    with transaction.atomic():
        known = HourRecord.objects.filter(source=source, number=number).first()
        if known is not None:
            if known.as_of > as_of:
                return "older"
            if all(getattr(known, name) == value for name, value in facts.items()):
                return "same"
        key, version = (uuid7(), 1) if known is None else (known.pk, known.version + 1)
        columns: dict[str, Any] = facts | {"version": version, "source": source, "number": number, "recorded_at": at}
        HourVersion.objects.create(fact_id=key, **columns)
        row = HourRecord(id=key, **columns)
        before = {} if known is None else audit.values(known, "hours", "certificate_number", "as_of")
        after = audit.values(row, "source", "number", "hours", "certificate_number", "as_of")
        audit.note("hours.record", row, by=by, at=at, before=before, after=after)
        if source == EDUCATION and step == 1:
            _send_to_library(row, at=at)
    return "new" if known is None else "changed"


def _send_to_library(row: HourRecord, *, at: datetime) -> None:
    """Push a record to the library: one message per version of what it says."""
    content = f"{row.number}|{row.certificate_number}|{row.hours}|{row.as_of.isoformat()}"
    key = str(uuid.UUID(bytes=blind(f"hours:{content}")[:16]))
    send(
        system=LIBRARY,
        kind="hours",
        key=key,
        subject=row.pk,
        title=f"{row.employer_name or row.employer_code} · {row.hours}",
        as_of=row.as_of,
        at=at,
    )


def import_hours(values: Mapping[str, Any], *, by: Actor, at: datetime) -> str:
    """Record one row of an education platform's file as the employer's own hours; returns what `record_hours` does."""
    return record_hours(source=EDUCATION, step=1, **values, by=by, at=at)
