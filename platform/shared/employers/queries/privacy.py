"""Employers as personal data: what keeps an account open, and what has had its time."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared.privacy.queries import rights

from ..models import Employee, Registration
from ..states import LIVE, WAITING, State

ERASED_TEXT = "—"
Due = list[tuple[uuid.UUID, datetime]]


@rights.register_open_items
def waiting_registration(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Tell that a registration waits, which its applicant takes back first."""
    if Registration.objects.filter(applied_by=subject.account_id, state__in=WAITING).exists():
        yield rights.OpenItem(_("The registration of an employer that you asked for waits; take it back first."))


def registrations_due(*, before: datetime, limit: int) -> Due:
    """Return registrations that were over before a moment and still say who asked, oldest first."""
    rows = Registration.objects.filter(state_since__lt=before).exclude(state__in=[*WAITING, State.PROVED])
    rows = rows.exclude(applied_name=ERASED_TEXT).order_by("state_since")
    return list(rows.values_list("pk", "state_since")[:limit])


def employees_due(*, before: datetime, on_hold: frozenset[uuid.UUID], limit: int) -> Due:
    """Return people on employers' lists with whom it was over before a moment, and whose names still stand there."""
    rows = Employee.objects.filter(state_since__lt=before).exclude(state__in=LIVE)
    rows = rows.exclude(person_id__in=on_hold).exclude(name=ERASED_TEXT).order_by("state_since")
    return list(rows.values_list("pk", "state_since")[:limit])
