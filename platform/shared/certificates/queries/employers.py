"""Certificates of people who agreed that their employer sees them."""

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime

from shared.employers.values import HeldCertificate, certificates_held
from shared.policy.queries import education

from ..models import PLACE, Certificate
from ..states import CertificateState
from .rows import position_name


@certificates_held.connect()
def held(person_ids: Collection[uuid.UUID], at: datetime) -> Iterator[HeldCertificate]:
    """Yield the numbered certificates of these people, with the day by which the valid ones need their education."""
    rows = Certificate.objects.filter(person_id__in=set(person_ids), number__isnull=False).annotate(**PLACE)
    for row in rows.order_by("person_id", "pk"):
        valid = row.state == CertificateState.ISSUED
        due = education.education_due(row.issued_on, at) if valid and row.issued_on else None
        yield HeldCertificate(
            person_id=row.person_id,
            position=position_name(row),
            number=str(row),
            label=CertificateState(row.state).label,
            valid=valid,
            issued_on=row.issued_on,
            renew_by=due,
        )
