"""Consents: the texts in their versions, and what each account agreed to."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model
from kernel.tenancy import current_schema

from ..states import SEPARATE_CONSENTS, ConsentChannel, ConsentKind


class ConsentText(Model):
    """The words of a notice or of a consent, from a moment on; a version never changes, a new one follows it."""

    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    version = models.CharField(max_length=20)
    in_force_from = models.DateTimeField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200)
    body = models.TextField(max_length=100_000, help_text='paragraphs; a line that begins with "## " is a heading')
    body_en = models.TextField(max_length=200_000)
    instead = models.TextField(
        max_length=10_000, blank=True, help_text="the way that does without, where the consent is not given"
    )
    instead_en = models.TextField(max_length=20_000, blank=True)
    changes = models.TextField(max_length=10_000, blank=True, help_text="what is different from the version before")
    changes_en = models.TextField(max_length=20_000, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of all these words")
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True, help_text="account; none for what the platform came with")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="identity_text_once"),
            models.UniqueConstraint(fields=["kind", "in_force_from"], name="identity_text_one_a_moment"),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="identity_text_kind"),
            models.CheckConstraint(
                condition=~Q(kind__in=list(SEPARATE_CONSENTS)) | (~Q(instead="") & ~Q(instead_en="")),
                name="identity_text_instead",
            ),
        ]
        ordering = ["kind", "-in_force_from"]


class Consent(Model):
    """What an account agreed to, in which version, for whom, by what way, where, through whom, and since when no
    more.
    """

    account = models.ForeignKey("identity.Account", on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    version = models.CharField(max_length=20)
    recipient = models.CharField(max_length=120, blank=True, help_text="to whom is passed on; blank for all else")
    channel = models.CharField(max_length=10, choices=ConsentChannel.choices, default=ConsentChannel.ONLINE)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True, help_text="account that entered it; the person's own, or staff's")
    given_in = models.CharField(
        max_length=63,
        blank=True,
        default=current_schema,
        help_text="the schema of the host where it was entered; blank for the first releases",
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_channel = models.CharField(max_length=10, choices=ConsentChannel.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "version", "recipient"],
                condition=Q(withdrawn_at=None),
                name="identity_consent_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="identity_consent_kind"),
            models.CheckConstraint(
                condition=Q(kind=ConsentKind.PASSING_ON) ^ Q(recipient=""), name="identity_consent_recipient"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_channel="")
                | (Q(withdrawn_at__gte=F("given_at")) & ~Q(withdrawn_channel="")),
                name="identity_consent_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["account", "kind"], name="identity_consent_of")]
