"""Accounts, what they may do, and how they come in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kernel import clock
from kernel.fields import BlindIndexField, EncryptedTextField, Model, Personal, personal
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, UNSCOPED_ROLES, Role

from ..states import RECOVERY, RecoveryState

SIGN_IN = Personal(
    "sign in and send codes", "performance of the service (PIPL 13.2)", "life of the account", "identifier"
)
ADDRESSING = Personal("address the person", "performance of the service (PIPL 13.2)", "life of the account", "name")
AUTHORITY_CODE = "^[0-9A-Z]{6}$"
UUID_TEXT = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class Account(Model, AbstractBaseUser):
    """One way in per person, for all institutions; found by a mobile number or an e-mail address.

    The e-mail address is plain because allauth finds accounts by it; which account a verified one belongs to is kept
    unique by allauth's EmailAddress. The mobile number is encrypted and found by its blind index.
    """

    name = personal(models.CharField(max_length=60, blank=True), ADDRESSING)
    email = personal(models.EmailField(null=True, blank=True), SIGN_IN)  # none and "" differ: allauth gives None
    mobile = EncryptedTextField(
        null=True, personal=Personal(SIGN_IN.purpose, SIGN_IN.basis, SIGN_IN.retention, "mobile")
    )
    mobile_blind = BlindIndexField(null=True, unique=True)
    mobile_verified_at = models.DateTimeField(null=True)
    person = models.OneToOneField("identity.Person", on_delete=models.PROTECT, null=True, related_name="account")
    language = models.CharField(max_length=10, default="zh-hans")
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    objects = BaseUserManager["Account"]()

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mobile=None, mobile_blind=None, mobile_verified_at=None)
                | Q(mobile__isnull=False, mobile_blind__isnull=False),
                name="identity_account_mobile",
            )
        ]
        indexes = [models.Index(fields=["email"], name="identity_account_email")]

    def __str__(self) -> str:
        """Return the name, or the masked identifier where no name was given."""
        return self.name or self.masked_identifier

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django reads it as an attribute
        """Say whether the account may be used."""
        return self.closed_at is None

    @property
    def masked_identifier(self) -> str:
        """Return what the account is found by, masked."""
        if self.mobile is not None:
            return str(self.mobile)
        name, _, host = (self.email or "").partition("@")
        return f"{name[:1]}***@{host}" if host else ""


class RoleGrant(Model):
    """A role within a scope of the role's kind (authority code, organisation, employer, "" for the platform), for a
    time."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    scope = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True, help_text="account; none for the platform itself")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "scope"], condition=Q(ended_at=None), name="identity_grant_once"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="identity_grant_role"),
            models.CheckConstraint(
                condition=Q(role__in=list(UNSCOPED_ROLES), scope="")
                | Q(role__in=list(AUTHORITY_ROLES), scope__regex=AUTHORITY_CODE)
                | Q(role__in=[*STAFF_ROLES, Role.EMPLOYER_CLERK], scope__regex=UUID_TEXT),
                name="identity_grant_role_scope",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("granted_at")), name="identity_grant_order"
            ),
        ]
        indexes = [models.Index(fields=["scope", "role"], name="identity_grant_scope")]


class SignIn(Model):
    """One coming-in by password or code; the sessions at all hosts that grew from it end with it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, help_text="last use by an account with a role, to the minute")
    ended_at = models.DateTimeField(null=True)
    idle = models.BooleanField(default=False, help_text="it ended because nobody used it")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(idle=False) | Q(ended_at__isnull=False), name="identity_sign_in_idle")
        ]


class ApiToken(Model):
    """A key by which a machine acts as an account; only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list, help_text='what it may do: "read", "write"')
    level = models.PositiveSmallIntegerField(default=1, help_text="that of the session in which it was made")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="identity_token_expires"),
        ]


class RecoveryRequest(Model):
    """Somebody who lost the phone or is there under a wrong name asks to be let in again, in person, at a counter."""

    class Cause(models.TextChoices):
        """What happened."""

        LOST_PHONE = "lost_phone"
        WRONG_NAME = "wrong_name"

    number = models.CharField(max_length=12, unique=True, help_text="what the person says at the counter")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    identifier = EncryptedTextField(
        personal=Personal("find the account", "performance of the service", "3 years", "identifier")
    )
    identifier_blind = BlindIndexField()
    name = personal(
        models.CharField(max_length=60), Personal("know who comes to the counter", "consent", "3 years", "name")
    )
    contact_address = EncryptedTextField(
        personal=Personal("reach the person who asks", "consent", "3 years", "identifier")
    )
    words = personal(
        models.TextField(max_length=1000, blank=True), Personal("find the account", "consent", "3 years", "all")
    )
    made_at = models.DateTimeField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    checked_by = models.UUIDField(null=True, help_text="the first of two, who saw the document: an account")
    settled_by = models.UUIDField(null=True, help_text="account; another than the one that checked")
    state = models.CharField(max_length=10, choices=RecoveryState.choices, default=RecoveryState.OPEN)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            RECOVERY.constraint("identity_recovery_state"),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.CHECKED) | Q(checked_by__isnull=False),
                name="identity_recovery_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(settled_by=None) | ~Q(checked_by=F("settled_by")),
                name="identity_recovery_by_two",
            ),
        ]
        ordering = ["-made_at"]

    is_open = RECOVERY.among(RecoveryState.OPEN)
