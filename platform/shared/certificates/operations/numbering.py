"""Numbers of one's own, where the law lets a province number its certificates itself."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from kernel.clock import legal_day
from shared.policy.queries import packs as pack_queries

from ..models import NUMBERED, PLACE, Certificate
from .issuing import receive_number, receive_refusal


def assign_own_number(*, certificate_id: uuid.UUID, at: datetime) -> None:
    """Give a certificate the next number of the pack's template, and issue it; one that has a number keeps it.

    The sequence runs over all certificates that were ever numbered, which are never deleted: no number comes twice. It
    does nothing where the pack says that the number comes from outside. One that cannot be printed is refused, so that
    an officer has it numbered again when it can.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('certificates.own_number'))")
        row = Certificate.objects.annotate(**PLACE).get(pk=certificate_id)
        number = pack_queries.own_number(
            row.policy,
            issued=legal_day(at),
            position=row.position,
            institution=row.credit_code,
            sequence=Certificate.objects.filter(number__isnull=False).count() + 1,
        )
        if number and row.state not in NUMBERED:
            receive_number(certificate_id=row.pk, number=number, issued_on=legal_day(at), at=at)
            row.refresh_from_db()
            if row.state not in NUMBERED:
                receive_refusal(certificate_id=row.pk, reason=row.trouble, at=at)
