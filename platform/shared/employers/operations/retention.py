"""Deletion of what has had its time: who asked for a registration, and who once stood on an employer's list."""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.access import SYSTEM
from shared.privacy.operations.erasing import DeletionJob, Erasure, register_deletion_job
from shared.records import operations as records

from ..models import Employee, Registration
from ..queries import privacy
from ..queries.privacy import ERASED_TEXT


def _erase_registrations(ids: Sequence[uuid.UUID], at: datetime) -> Erasure:
    rows = Registration.objects.filter(pk__in=ids)
    letters = rows.exclude(letter=None).values_list("letter_id", flat=True)
    files = sum(records.erase_file(file_id=f, by=SYSTEM, at=at, why="retention") for f in letters if f is not None)
    return Erasure(rows.update(applied_name=ERASED_TEXT, telephone=ERASED_TEXT), files)


def _erase_employees(ids: Sequence[uuid.UUID], at: datetime) -> Erasure:
    rows = Employee.objects.select_for_update().filter(pk__in=ids)
    for row in rows:  # each under a key of its own, by which nobody is found
        row.name, row.id_blind = ERASED_TEXT, secrets.token_bytes(32)
        row.id_number = ERASED_TEXT  # type: ignore[assignment]  # the field seals it
        row.save(update_fields=["name", "id_number", "id_blind"])
    return Erasure(len(rows))


register_deletion_job(
    DeletionJob(
        "employer-registrations",
        _("Who asked that an employer be registered"),
        "request",
        lambda before, _held, limit: privacy.registrations_due(before=before, limit=limit),
        _erase_registrations,
    )
)
register_deletion_job(
    DeletionJob(
        "employees",
        _("Who stood on an employer's list"),
        "named",
        lambda before, held, limit: privacy.employees_due(before=before, on_hold=held, limit=limit),
        _erase_employees,
    )
)
