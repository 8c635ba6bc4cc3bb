"""Rosters' part when a person closes the account, and the enrolments whose retention has ended."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.clock import legal_day
from shared.privacy.queries import register as privacy_register
from shared.privacy.queries import rights

from ..models import Enrolment
from ..states import VOID, EnrolmentState

Due = list[tuple[uuid.UUID, datetime]]
OVERWRITTEN = "—"


@rights.register_open_items
def open_enrolments(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Yield the enrolments that have not ended."""
    ended = (*VOID, EnrolmentState.COMPLETED)
    for row in Enrolment.objects.filter(person_id=subject.person_id).exclude(state__in=ended).order_by("applied_at"):
        yield rights.OpenItem(lazy(_open_enrolment, str)(row.number))


@rights.register_retained_items
def retained_records(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Yield the training records, and what is left of applications that came to nothing."""
    rows = Enrolment.objects.filter(person_id=subject.person_id).exclude(person_name=OVERWRITTEN)
    if rows.exclude(state__in=VOID).exists():
        yield rights.OpenItem(_("Records of enrolment, learning and tests: life of the certificate and 3 years"))
    limit = privacy_register.limit("refused", at)
    for row in rows.filter(state__in=VOID).order_by("state_since"):
        yield rights.OpenItem(
            lazy(_void_application, str)(row.number), privacy_register.day_after(legal_day(row.state_since), limit)
        )


def _open_enrolment(number: str) -> str:
    return gettext("Enrolment %(number)s is running; complete or withdraw it.") % {"number": number}


def _void_application(number: str) -> str:
    return gettext("Application %(number)s, which came to nothing") % {"number": number}


def evidence_due(before: datetime, held_ids: frozenset[uuid.UUID], limit: int) -> Due:
    """Return enrolments that came to nothing before a moment and still have their evidence, oldest first."""
    rows = Enrolment.objects.filter(state__in=VOID, state_since__lt=before, evidence__isnull=False)
    rows = rows.exclude(person_id__in=held_ids).order_by("state_since")
    return list(rows.values_list("pk", "state_since")[:limit])


def applications_due(before: datetime, held_ids: frozenset[uuid.UUID], limit: int) -> Due:
    """Return enrolments that came to nothing before a moment and still name their person, oldest first."""
    rows = Enrolment.objects.filter(state__in=VOID, state_since__lt=before).exclude(person_name=OVERWRITTEN)
    rows = rows.exclude(person_id__in=held_ids).order_by("state_since")
    return list(rows.values_list("pk", "state_since")[:limit])


def with_evidence(person_id: uuid.UUID) -> list[uuid.UUID]:
    """Return a person's enrolments that hold a file."""
    return list(Enrolment.objects.filter(person_id=person_id, evidence__isnull=False).values_list("pk", flat=True))
