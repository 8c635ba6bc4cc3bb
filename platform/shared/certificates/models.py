"""Certificates, and every version of what they said."""

import secrets
import uuid

from django.db import models
from django.db.models import F, Q

from kernel.fields import EncryptedTextField, Model, Personal, personal, uuid7
from kernel.folding import FoldedName, FoldedNumber

from .states import CERTIFICATE, CertificateState, Ground

BASIS = "statutory duty of training and certification (PIPL 13.3)"
LIFE = "life of the certificate and 3 years"
NUMBERED = [CertificateState.ISSUED, CertificateState.REVOKED]
LIVE = [CertificateState.REQUESTED, CertificateState.SENT, CertificateState.ISSUED]


def new_token() -> str:
    """Return what stands in the QR code: 160 random bits that tell nothing."""
    return secrets.token_urlsafe(20)


PLACE = {
    "institution_name": F("institution__name"),
    "organisation_id": F("institution__organisation_id"),
    "credit_code": F("institution__organisation__credit_code"),
    "authority_code": F("institution__organisation__authority_code"),
}


class Certificate(Model):
    """A passed test on its way to a certificate, and the certificate itself; one per attempt, never deleted.

    The number is the ministry's: external, unique, kept for ever (a trigger holds it), so that it is never used again.
    """

    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    attempt_id = models.UUIDField(unique=True)
    request_id = models.UUIDField(unique=True, default=uuid7, help_text="under which the ministry's system knows it")
    holder = personal(
        models.CharField(max_length=60), Personal("name the holder of a certificate", BASIS, LIFE, "name")
    )
    position = models.CharField(max_length=40)
    score = personal(
        models.DecimalField(max_digits=5, decimal_places=2), Personal("certify the result", BASIS, LIFE, "none")
    )
    tested_on = models.DateField()
    policy = models.CharField(max_length=60, help_text="version of the pack under which the test was passed")
    requested_at = models.DateTimeField()
    number = personal(
        models.CharField(max_length=32, unique=True, null=True),  # unique and not there yet differ
        Personal("find and verify a certificate", BASIS, LIFE, "none"),
    )
    issued_on = models.DateField(null=True)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    version = models.PositiveSmallIntegerField(default=0)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    trouble = models.CharField(max_length=300, blank=True, help_text="what the ministry's system says is wrong")
    state = models.CharField(max_length=20, choices=CertificateState.choices, default=CertificateState.REQUESTED)
    state_since = models.DateTimeField()

    institution_name: str
    organisation_id: uuid.UUID
    credit_code: str
    authority_code: str
    """These come with the queries that ask for PLACE: columns of the institution and its organisation, not rows."""

    class Meta:
        constraints = [
            CERTIFICATE.constraint("certificates_state"),
            models.CheckConstraint(
                condition=Q(state__in=NUMBERED, number__isnull=False, issued_on__isnull=False, version__gte=1)
                | (~Q(state__in=NUMBERED) & Q(number=None, issued_on=None, version=0)),
                name="certificates_numbered",
            ),
            models.CheckConstraint(
                condition=Q(state=CertificateState.REVOKED, ground__in=Ground.values)
                | (~Q(state=CertificateState.REVOKED) & Q(ground="")),
                name="certificates_ground",
            ),
            models.CheckConstraint(condition=~Q(number=""), name="certificates_number_said"),
            models.UniqueConstraint(
                fields=["person", "position"], condition=Q(state__in=LIVE), name="certificates_one_live"
            ),
            models.UniqueConstraint(FoldedNumber("number"), name="certificates_number_once"),
        ]
        indexes = [
            models.Index(fields=["person"], name="certificates_of_person"),
            models.Index(FoldedName("holder"), name="certificates_by_holder"),
            models.Index(fields=["institution", "-id"], name="certificates_of_institution"),
            models.Index(fields=["institution"], name="certificates_refused", condition=Q(state="refused")),
        ]
        ordering = ["-id"]

    badge = property(CERTIFICATE.badge)

    def __str__(self) -> str:
        """Return its number, or the word for having none yet."""
        return self.number or "—"


class CertificateVersion(Model):
    """What a certificate said from one moment to another: all it showed, and the document. Only its end ever changes.

    The document kept here hides the holder's number but for its ends; the whole number stands only on the holder's own
    copy, which is made when asked for, noted, and not kept.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="1, 2, …")
    snapshot = personal(
        models.JSONField(), Personal("keep what the certificate said, as its snapshot", BASIS, LIFE, "all")
    )
    id_number = EncryptedTextField(personal=Personal("print the holder's own copy", BASIS, LIFE, "id"))
    file = models.OneToOneField("records.File", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was corrected; blank for the first")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "number"], name="certificates_version_once"),
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(superseded_at=None), name="certificates_one_current"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="certificates_correction_reason"),
        ]
        ordering = ["number"]


class EducationLine(Model):
    """A year of continuing education as the ministry's system reports it: a line on the certificate (policy part 3)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="education")
    year = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    as_of = models.DateTimeField(help_text="when the ministry's system said so; older news changes nothing")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "year"], name="certificates_education_once"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="certificates_education_hours"),
        ]
        ordering = ["year"]
