"""The outbox of all schemas, tickets, audit notes on shared rows, files, sessions, idempotency keys, heartbeats."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kernel import clock
from kernel.audit import AuditRow
from kernel.fields import Model, Personal, personal
from kernel.tenancy import current_schema

MACHINE = Personal("carry out what was asked, once", "performance of the service", "30 days", "all")


class AuditEntry(AuditRow):
    """Who did what to a shared row, and in which schema."""

    schema = models.CharField(max_length=63, default=current_schema)

    class Meta(AuditRow.Meta):
        verbose_name = "note"


class Outbox(models.Model):
    """A task asked for in some transaction, in whatever schema; done exactly once (kernel.later)."""

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=63)
    task = models.CharField(max_length=80)
    kwargs = personal(models.JSONField(default=dict), MACHINE)
    simulated_at = models.DateTimeField(null=True, help_text="the time its request was given, in demonstrations")
    created_at = models.DateTimeField(default=clock.real_now)
    not_before = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="records_outbox_open", condition=models.Q(done_at=None)),
        ]


class Ticket(models.Model):
    """A one-time permission bound to a host and a browser; taking it deletes it."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=40)
    subject = personal(models.JSONField(), MACHINE)
    host = models.CharField(max_length=253)
    nonce_digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()


class File(Model):
    """One stored file: what it is was sniffed, never believed."""

    class Visibility(models.TextChoices):
        """Who may be given it."""

        PRIVATE = "private"
        PUBLIC = "public"

    path = models.CharField(max_length=200, unique=True)
    name = personal(
        models.CharField(max_length=200),
        Personal("show the uploader what was uploaded", "performance of the service", "as the file", "none"),
    )
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=80, help_text="sniffed media type")
    owner_schema = models.CharField(max_length=63)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE)
    retention = models.CharField(max_length=80)
    stored_at = models.DateTimeField()
    stored_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(size__gte=0), name="records_file_size")]


class IdempotencyKey(models.Model):
    """The answer to the first request that came with a key, at a host."""

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=63, default=current_schema)
    actor = models.CharField(max_length=40)
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = personal(models.JSONField(null=True), MACHINE)
    created_at = models.DateTimeField(default=clock.real_now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema", "actor", "path", "key"], name="records_key_once")]


class Session(AbstractBaseSession):
    """Who came in at which host, from which browser (kernel.sessions)."""

    schema = models.CharField(max_length=63)

    class Meta(AbstractBaseSession.Meta):
        db_table = "records_session"


class Heartbeat(models.Model):
    """When the worker and beat last showed that they live."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()
