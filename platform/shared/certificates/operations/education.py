"""Continuing education on the certificate: a report of the ministry's system makes a new version (policy part 3)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, folding
from kernel.access import SYSTEM
from kernel.errors import NotFound, Refusal

from .. import methods
from ..models import PLACE, Certificate, EducationLine
from ..states import CERTIFICATE, CertificateState
from .issuing import notify_holder, write_version


class Revoked(Refusal):
    """A revoked certificate takes no more lines."""

    code = "certificate-revoked"
    message = _("This certificate was revoked; continuing education is no longer entered on it.")


def take_education(*, number: str, year: int, hours: Decimal, as_of: datetime, at: datetime) -> str:
    """Enter a year's hours on the certificate of a number as a new version; return "new", "changed", "same" or "older".

    News that is older than what is known, or says the same, makes no version. Refuses (NotFound) a number that was not
    given here yet, and (Revoked) a revoked certificate.
    """
    with transaction.atomic():
        rows = Certificate.objects.annotate(**PLACE)
        row = rows.select_for_update(of=("self",)).filter(number__folded_number=folding.number(number)).first()
        if row is None:
            raise NotFound
        if row.state == CertificateState.REVOKED:
            raise Revoked
        known = EducationLine.objects.filter(certificate=row, year=year).first()
        if known is not None and known.as_of >= as_of:
            return "same" if known.hours == hours else "older"
        same = known is not None and known.hours == hours
        line = known or EducationLine(certificate=row, year=year)
        before = audit.values(known, "year", "hours", "as_of") if known is not None else {}
        line.hours, line.as_of, line.recorded_at = hours, as_of, at
        line.save(update_fields=None if known is None else ["hours", "as_of", "recorded_at"])
        audit.note(
            "education.enter", line, by=SYSTEM, at=at, before=before, after=audit.values(line, "year", "hours", "as_of")
        )
        if same:
            return "same"
        _new_version(row, year, hours, at=at)
        return "new" if known is None else "changed"


def _new_version(row: Certificate, year: int, hours: Decimal, *, at: datetime) -> None:
    why = f"{year}年继续教育{methods.plain_hours(hours)}学时"
    current = row.versions.filter(superseded_at=None).first()
    institution = current.snapshot["institution"] if current is not None else row.institution_name
    CERTIFICATE.move(row, "take_education", by=SYSTEM, at=at, why=why, policy=row.policy, version=row.version + 1)
    row.versions.filter(superseded_at=None).update(superseded_at=at)
    write_version(row, institution=institution, reason=why, by=SYSTEM, at=at)
    notify_holder(row, "certificates.corrected", at=at, key=f"certificate:{row.pk}:v{row.version}")
