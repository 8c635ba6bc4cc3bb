"""Certificates as personal data: those under way, those retained, those that bear an old name."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.identity.queries import areas
from shared.privacy.queries import rights

from ..models import Certificate
from ..states import CertificateState

WAITING = (CertificateState.REQUESTED, CertificateState.SENT)


@areas.membership_sources.connect()
def certified_at() -> "QuerySet[Certificate, Any]":
    """Return at which institution who holds a certificate, as identity asks."""
    return Certificate.objects.order_by().values("person_id", "institution_id")


@rights.register_open_items
def pending_certificates(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Tell that a certificate is being made."""
    if Certificate.objects.filter(person_id=subject.person_id, state__in=WAITING).exists():
        yield rights.OpenItem(_("A certificate is on its way to you; wait until it has its number."))


@rights.register_retained_items
def retained_certificates(subject: rights.Subject, at: datetime) -> Iterable[rights.OpenItem]:
    """Tell the certificates, which stay verifiable."""
    if Certificate.objects.filter(person_id=subject.person_id).exists():
        yield rights.OpenItem(_("Certificates: they stay valid and verifiable; life of the certificate and 3 years"))


@rights.register_papers
def papers_with_name(person_id: uuid.UUID) -> Iterable[tuple[str, str]]:
    """Tell a person's valid certificates, each with the authority's page where it is corrected."""
    rows = Certificate.objects.filter(person_id=person_id, state=CertificateState.ISSUED).order_by("pk")
    for row in rows:
        url = reverse("certificates:authority-detail", settings.PUBLIC_SCHEMA_URLCONF, args=[row.pk])
        yield gettext("Certificate %(number)s of %(holder)s") % {"number": row.number, "holder": row.holder}, url
