"""The outbox of all schemas, tickets, audit notes on shared rows, files, sessions, idempotency keys, heartbeats."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Right

from kernel.fields import Model, Personal, personal
from kernel.models import MACHINE


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
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=0), name="records_file_size"),
            models.CheckConstraint(  # in the folder of the schema that has it, so that no row leads to another's file
                condition=Q(
                    path__regex="/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
                    path=Concat(F("owner_schema"), Value("/"), Right(F("path"), 36)),
                ),
                name="records_file_folder",
            ),
        ]
