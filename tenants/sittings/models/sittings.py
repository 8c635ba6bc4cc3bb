"""Rooms, sittings, their duties and their candidacies."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from kernel.fields import Model, Personal, personal

from ..states import SITTING, DutyRole, SittingState

LIFE = "life of the certificate and 3 years"


class Room(Model):
    """A test room with its seats."""

    name = models.CharField(max_length=60, unique=True)
    place = models.CharField(max_length=120, help_text="building and floor, as on the ticket")
    seats = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seats__gte=1), name="sittings_room_seats")]
        ordering = ["name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class Sitting(Model):
    """One test of one position in one room (policy 1.2)."""

    number = models.CharField(max_length=20, unique=True)
    position = models.CharField(max_length=40)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="sittings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="expected, without added time")
    policy = models.CharField(max_length=60, help_text="version of the pack it is held under")
    seed = models.CharField(max_length=64, help_text="from which seats and papers are drawn")
    scheduled_at = models.DateTimeField()
    scheduled_by = models.UUIDField()
    filed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=SittingState.choices, default=SittingState.DRAFT)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            SITTING.constraint("sittings_sitting_state"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="sittings_sitting_times"),
            models.CheckConstraint(
                condition=Q(state__in=[SittingState.DRAFT, SittingState.CANCELLED]) | Q(filed_at__isnull=False),
                name="sittings_sitting_filed",
            ),
            ExclusionConstraint(
                name="sittings_room_free",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (Func(F("starts_at"), F("ends_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state__in=[SittingState.CANCELLED, SittingState.FINALISED]),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="sittings_sitting_starts")]
        ordering = ["-starts_at"]

    badge = property(SITTING.badge)
    is_draft = SITTING.among(SittingState.DRAFT)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class Duty(Model):
    """An account that watches over a sitting; one chief at a time, further proctors."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="duties")
    account_id = models.UUIDField()
    name = personal(
        models.CharField(max_length=60),
        Personal("say who watched over a test", "statutory conduct of the test", LIFE, "none"),
    )
    role = models.CharField(max_length=10, choices=DutyRole.choices)
    ended_at = models.DateTimeField(null=True, help_text="when somebody else took over")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "account_id"], condition=Q(ended_at=None), name="sittings_duty_once"
            ),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(role=DutyRole.CHIEF, ended_at=None), name="sittings_duty_one_chief"
            ),
            models.CheckConstraint(condition=Q(role__in=DutyRole.values), name="sittings_duty_role"),
        ]


class Candidacy(Model):
    """One person's place in one sitting."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="candidacies")
    enrolment_id = models.UUIDField()
    person_id = models.UUIDField()
    name = personal(
        models.CharField(max_length=60),
        Personal("call and check a candidate", "statutory conduct of the test", LIFE, "name"),
    )
    ticket_no = models.CharField(max_length=24, unique=True)
    seat = models.PositiveSmallIntegerField(null=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    left_at = models.DateTimeField(null=True, help_text="since when the person is not ready for the test any more")
    left_why = personal(
        models.CharField(max_length=200, blank=True),
        Personal("say why a place in a test is not valid any more", "statutory conduct of the test", LIFE, "none"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None, left_why="") | (Q(left_at__isnull=False) & ~Q(left_why="")),
                name="sittings_candidacy_left",
            ),
            models.UniqueConstraint(fields=["sitting", "enrolment_id"], name="sittings_candidacy_once"),
            models.UniqueConstraint(fields=["sitting", "person_id"], name="sittings_candidacy_person_once"),
            models.UniqueConstraint(fields=["sitting", "seat"], name="sittings_candidacy_seat_once"),
        ]
        indexes = [models.Index(fields=["person_id"], name="sittings_candidacy_person")]
        ordering = ["seat", "ticket_no"]

    def __str__(self) -> str:
        """Return the ticket's number."""
        return self.ticket_no
