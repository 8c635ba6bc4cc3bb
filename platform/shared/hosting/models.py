"""Schemas made ahead, runs of the migration over all of them, files of their data, deletions and restored copies."""

from django.db import models

from kernel.fields import Model


class SpareSchema(models.Model):
    """A schema made ahead, with its role, that belongs to nobody yet; the row goes when the schema is handed out."""

    id = models.BigAutoField(primary_key=True)
    fingerprint = models.CharField(max_length=32, help_text="the migrations that it has")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    @property
    def schema_name(self) -> str:
        """Return the name of its schema."""
        return f"spare_{self.pk}"


class MigrationRun(models.Model):
    """One run of the set-wise migration over all schemas; it has no end where it was killed."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    target_fingerprint = models.CharField(max_length=32, help_text="the fingerprint that schemas were brought to")
    schema_count = models.PositiveIntegerField(help_text="schemas that there were")
    counts = models.JSONField(default=dict, help_text="schemas by what became of them")
    failures = models.JSONField(default=list, help_text="schema and why, of those that failed")

    class Meta:
        ordering = ["-id"]


class Archive(Model):
    """One institution's data, carried away in one file; taken by a task that was asked for."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="archives")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="the moment whose data it holds")
    path = models.CharField(max_length=300, blank=True, help_text="where the file lies in the private store")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its manifest, which names all others")
    rows = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="bytes of the file")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at=None, digest="", path="")
                | (models.Q(taken_at__isnull=False) & ~models.Q(digest="") & ~models.Q(path="")),
                name="hosting_archive_whole",
            )
        ]


class Deletion(Model):
    """A wish to delete a retired institution's schema: one operator asks, another approves, or it is withdrawn."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="deletions")
    archive = models.ForeignKey(Archive, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="of the archive taken before, so that it can be proven")
    reason = models.TextField(max_length=4000)
    retained_until = models.DateField(help_text="the end of the longest retention that the policy asks for")
    policy = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_at=None, approved_by=None)
                | models.Q(approved_at__isnull=False, approved_by__isnull=False, withdrawn_at=None),
                name="hosting_deletion_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="hosting_deletion_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="hosting_deletion_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=models.Q(approved_at=None, withdrawn_at=None),
                name="hosting_deletion_once",
            ),
        ]


class RestoredCopy(models.Model):
    """A schema restored from a file beside the institution whose data it is; nobody works in it, nothing runs in it."""

    id = models.BigAutoField(primary_key=True)
    schema_name = models.CharField(max_length=51, unique=True)
    institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="copies"
    )
    source_name = models.CharField(max_length=120, help_text="the institution's name when the file was made")
    credit_code = models.CharField(max_length=18)
    taken_at = models.DateTimeField(help_text="the moment whose data it holds")
    digest = models.CharField(max_length=64, help_text="of the file's manifest")
    rows = models.BigIntegerField()
    restored_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
