"""Notices (in the application) and messages (SMS, e-mail)."""

from django.db import models
from django.db.models import Q

from kernel.fields import EncryptedTextField, Model, Personal, personal
from kernel.tenancy import current_schema

from .states import MESSAGE, Channel, MessageState

NOTIFICATION = Personal(
    "tell people what concerns them", "performance of the service (PIPL 13.2)", "6 months", "identifier"
)


class Notice(Model):
    """One thing an account is told; its words come from the template in the reader's language."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=60)
    context = personal(
        models.JSONField(default=dict), Personal(NOTIFICATION.purpose, NOTIFICATION.basis, "life of the account", "all")
    )
    path = models.CharField(
        max_length=300, blank=True, help_text="where the thing can be seen; a whole address or a path"
    )
    key = models.CharField(max_length=120, blank=True, help_text="told once under this key")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], condition=~Q(key=""), name="notices_notice_once"),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="notices_inbox"),
            models.Index(fields=["account"], condition=Q(read_at=None), name="notices_unread"),
        ]


class Message(Model):
    """One SMS or e-mail: written with the fact it tells, sent after commit, both in the schema of the fact."""

    schema = models.CharField(max_length=63, default=current_schema)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address = EncryptedTextField(personal=NOTIFICATION)
    account_id = models.UUIDField(null=True, help_text="none where the address belongs to no account")
    template = models.CharField(max_length=60)
    subject = personal(
        models.CharField(max_length=200, blank=True),
        Personal(NOTIFICATION.purpose, NOTIFICATION.basis, NOTIFICATION.retention, "none"),
    )
    body = EncryptedTextField(
        personal=Personal(NOTIFICATION.purpose, NOTIFICATION.basis, NOTIFICATION.retention, "all")
    )
    key = models.CharField(max_length=200, blank=True, help_text="sent once under this key")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.QUEUED)
    state_since = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            MESSAGE.constraint("notices_message_state"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notices_message_channel"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="notices_message_once"),
        ]
        indexes = [models.Index(fields=["-id"], name="notices_outbox")]
