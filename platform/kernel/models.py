"""The kernel's own tables: audit, heads, outbox, outside systems, heartbeats, kept answers, sessions, cache, limits."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from kernel import clock
from kernel.audit import AuditRow
from kernel.fields import Personal, personal
from kernel.later import Priority
from kernel.tenancy import current_schema

MACHINE = Personal("carry out what was asked, once", "performance of the service", "30 days", "all")


class AuditEntry(AuditRow):
    """Who did what to a shared row, and in which schema."""

    schema = models.CharField(max_length=63, default=current_schema)

    class Meta(AuditRow.Meta):
        verbose_name = "note"


class AuditHead(models.Model):
    """The end of a schema's chain of notes as a sealing filed it (kernel.seals). Rows are only ever added."""

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=63)
    number = models.BigIntegerField(help_text="how many notes are sealed")
    seal = models.BinaryField(max_length=34, help_text="of the last of them")
    at = models.DateTimeField()
    restored = models.BooleanField(default=False, help_text="a restored copy has taken the schema's place")
    mac = models.BinaryField(max_length=34, help_text="keyed, over this row and the mac of the one before")

    class Meta:
        verbose_name = "filed head"
        indexes = [
            models.Index(fields=["schema", "-id"], name="kernel_head_schema"),
            models.Index(fields=["number", "seal"], name="kernel_head_end"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(number__gte=0), name="kernel_head_number")]


class Outbox(models.Model):
    """A task asked for in some transaction, in whatever schema; done exactly once (kernel.later)."""

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=63)
    task = models.CharField(max_length=80)
    kwargs = personal(models.JSONField(default=dict), MACHINE)
    simulated_at = models.DateTimeField(null=True, help_text="the time its request was given, in demonstrations")
    created_at = models.DateTimeField(default=clock.real_now)
    not_before = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(
        default=int(Priority.NORMAL),
        db_default=int(Priority.NORMAL),
        help_text="0 urgent, 1 normal, 2 one of many, 3 takes long",
    )
    waits_for = models.CharField(
        max_length=40, blank=True, db_default="", help_text="an outside system that does not answer, or an operator"
    )
    taken_at = models.DateTimeField(null=True, help_text="by a worker, last")
    lost_attempts = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="whose worker died")
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="kernel_outbox_open", condition=models.Q(done_at=None)),
            models.Index(
                fields=["priority", "id"],
                name="kernel_outbox_ready",
                condition=models.Q(done_at=None, not_before=None, waits_for=""),
            ),
            models.Index(
                fields=["not_before"],
                name="kernel_outbox_timed",
                condition=models.Q(done_at=None, not_before__isnull=False, waits_for=""),
            ),
            models.Index(
                fields=["waits_for"],
                name="kernel_outbox_waiting",
                condition=models.Q(done_at=None) & ~models.Q(waits_for=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(priority__in=[*map(int, Priority)]), name="kernel_outbox_priority"
            )
        ]


class OutsideSystem(models.Model):
    """An outside system that has failed once, as tasks found it last (kernel.outside)."""

    name = models.CharField(max_length=40, primary_key=True)
    faults = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True, help_text="when the next task tries again")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "outside system"


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
        constraints = [models.UniqueConstraint(fields=["schema", "actor", "path", "key"], name="kernel_key_once")]


class Session(AbstractBaseSession):
    """Who came in at which host, from which browser (kernel.web.sessions)."""

    session_data = models.TextField("session data", max_length=100_000)
    schema = models.CharField(max_length=63)

    class Meta(AbstractBaseSession.Meta):
        db_table = "kernel_session"


class Heartbeat(models.Model):
    """When the worker and beat last showed that they live."""

    name = models.CharField(max_length=20, primary_key=True)
    beat_at = models.DateTimeField()


class CacheEntry(models.Model):
    """What is counted or remembered for a while, where no Redis is (kernel.db.cache). The table is not logged: after a
    crash of the database everybody counts anew.
    """

    key = models.BinaryField(primary_key=True, max_length=32, help_text="keyed hash of what is counted")
    value = models.JSONField()
    expires_at = models.DateTimeField()


class ReachedLimit(models.Model):
    """How often something was refused on a day because a limit was reached (kernel.web.limits), for the operator."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    day = models.DateField(help_text="in China")
    refusals = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="kernel_limit_once_a_day")]
