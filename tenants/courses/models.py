"""Programmes, classes with seats, lessons, and the append-only ledger of hours with the raw rows it is made from."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from kernel import clock
from kernel.fields import Model, Personal, personal

from .states import CLASS, CORRECTION, ClassState, CorrectionState, HourKind, LessonKind, SessionEnd, Stop

LEARNER = Personal(
    "know whose hours these are",
    "statutory duty of training (PIPL 13.3)",
    "life of the certificate and 3 years",
    "name",
)
HOURS = Personal(LEARNER.purpose, LEARNER.basis, LEARNER.retention, "none")
STAFF = Personal("know who answers for the entry", "performance of the service", "as the entry", "none")


class Programme(Model):
    """A programme of training for a position: class hours by the policy, and the lessons."""

    position = models.CharField(max_length=40, help_text="key of a position in the policy pack")
    title = models.CharField(max_length=120)
    class_hours = models.PositiveSmallIntegerField(help_text="class hours that must be completed")
    seconds_per_class_hour = models.PositiveIntegerField()
    policy = models.CharField(max_length=60, help_text="version of the pack that the hours were taken from")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(class_hours__range=(1, 1000)), name="courses_programme_hours"),
            models.CheckConstraint(
                condition=Q(seconds_per_class_hour__range=(60, 7200)), name="courses_programme_seconds"
            ),
        ]
        ordering = ["position", "-opened_at"]

    def __str__(self) -> str:
        """Return its title."""
        return self.title

    @property
    def required_seconds(self) -> int:
        """Return the seconds of valid learning that the hours amount to."""
        return self.class_hours * self.seconds_per_class_hour


class Lesson(Model):
    """One lesson of a programme; `seconds` is both what it takes and the most it is credited with."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lessons")
    place = models.PositiveSmallIntegerField(help_text="order within the programme, from 1")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=LessonKind.choices)
    seconds = models.PositiveIntegerField()
    body = models.TextField(
        max_length=100_000, blank=True, help_text="the text of a reading lesson; notes below a video"
    )
    media = models.UUIDField(null=True, help_text="the video, a file of records")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "place"], name="courses_lesson_place"),
            models.CheckConstraint(condition=Q(kind__in=LessonKind.values), name="courses_lesson_kind"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="courses_lesson_seconds"),
        ]
        ordering = ["programme", "place"]

    def __str__(self) -> str:
        """Return its title."""
        return self.title


class TrainingClass(Model):
    """A class of a programme. `seats_taken` counts the seats held: the database does, and keeps it within the capacity.

    Position and hours are copied from the programme: together with the key they are what a price refers to, so that no
    price can name a position or a number of hours that its class does not have.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="classes")
    position = models.CharField(max_length=40)
    class_hours = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    capacity = models.PositiveSmallIntegerField()
    seats_taken = models.PositiveSmallIntegerField(default=0, help_text="seats held now")
    place = models.CharField(max_length=120, blank=True, help_text="where the classroom is")
    teacher = models.UUIDField(null=True, help_text="account")
    teacher_name = personal(models.CharField(max_length=60, blank=True), STAFF)
    state = models.CharField(max_length=10, choices=ClassState.choices, default=ClassState.DRAFT)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            CLASS.constraint("courses_class_state"),
            models.UniqueConstraint(fields=["id", "position", "class_hours"], name="courses_class_key"),
            models.CheckConstraint(condition=Q(seats_taken__lte=F("capacity")), name="courses_class_seats"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="courses_class_days"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="courses_class_capacity"),
        ]
        indexes = [models.Index(fields=["state", "starts_on"], name="courses_class_by_state")]
        ordering = ["-starts_on", "name"]

    badge = property(CLASS.badge)
    may_be_opened = CLASS.allows("open")
    takes_attendance = CLASS.among(ClassState.OPEN, ClassState.RUNNING)

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @property
    def free_seats(self) -> int:
        """Return how many seats are not held."""
        return self.capacity - self.seats_taken

    @property
    def enrols_until(self) -> date:
        """Return the last day on which it takes enrolments while it is open."""
        return self.ends_on


class Participant(Model):
    """A seat in a class: held from enrolment on, learning from admission (paid) on, released when left."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="participants")
    enrolment_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    name = personal(models.CharField(max_length=60), LEARNER)
    seated_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person_id"], condition=Q(left_at=None), name="courses_participant_once"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="courses_participant_person")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        """Return the person's name."""
        return self.name


class StudySession(Model):
    """One opening of a lesson by a learner; `nonce` is what the next heartbeat must bring."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="sessions")
    person_id = models.UUIDField()
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=43, unique=True)
    heartbeat_count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    credited_until = models.DateTimeField(help_text="up to when this session's time has been looked at")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, choices=SessionEnd.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id"], condition=Q(ended_at=None), name="courses_one_session"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="") | Q(ended_at__isnull=False, ended_why__in=SessionEnd.values),
                name="courses_session_end",
            ),
        ]


class Heartbeat(models.Model):
    """Raw, append-only: what a learner's page reported, when the server received it, and the limits of that moment."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(StudySession, on_delete=models.PROTECT, related_name="heartbeats")
    person_id = models.UUIDField()
    n = models.PositiveIntegerField()
    nonce = models.CharField(max_length=43, unique=True)
    claimed_seconds = models.PositiveIntegerField(
        help_text="seconds the page says were learnt since its last heartbeat"
    )
    position = models.PositiveIntegerField(null=True, help_text="second of the video, for going on there")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.real_now, help_text="real time, in which raw rows are replayed")
    longest = models.PositiveIntegerField(help_text="most seconds that one heartbeat was worth")
    lesson_seconds = models.PositiveIntegerField(help_text="most seconds that the lesson was worth")
    day_seconds = models.PositiveIntegerField(null=True, help_text="most seconds that a day was worth; none: no limit")
    stop = models.CharField(max_length=12, choices=Stop.choices, blank=True)
    policy = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "n"], name="courses_heartbeat_order")]
        indexes = [models.Index(fields=["person_id", "id"], name="courses_heartbeat_person")]


class Attendance(Model):
    """Raw, append-only: a teacher's entry that somebody was taught on site on a day, with the reason for the entry."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="attendances")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    seconds = models.PositiveIntegerField()
    why = personal(models.CharField(max_length=200), LEARNER)
    by_id = models.UUIDField()
    by_name = personal(models.CharField(max_length=60), STAFF)
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.real_now, help_text="as of heartbeats")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seconds__range=(1, 86400)), name="courses_attendance_seconds"),
            models.CheckConstraint(condition=~Q(why=""), name="courses_attendance_why"),
        ]


class Correction(Model):
    """A change of hours that one person proposes and another decides."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="corrections")
    day = models.DateField()
    seconds = models.IntegerField(help_text="added, or taken away when negative")
    why = personal(models.CharField(max_length=200), LEARNER)
    proposed_by = models.UUIDField()
    proposed_name = personal(models.CharField(max_length=60), STAFF)
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_name = personal(models.CharField(max_length=60, blank=True), STAFF)
    received_at = models.DateTimeField(null=True, help_text="real time of the decision, as of heartbeats")
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.PROPOSED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            CORRECTION.constraint("courses_correction_state"),
            models.CheckConstraint(condition=~Q(seconds=0), name="courses_correction_seconds"),
            models.CheckConstraint(condition=~Q(why=""), name="courses_correction_why"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PROPOSED, decided_by=None)
                | (~Q(state=CorrectionState.PROPOSED) & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="courses_correction_second",
            ),
        ]

    is_undecided = CORRECTION.among(CorrectionState.PROPOSED)


class HourEntry(models.Model):
    """The ledger: seconds that count, each from exactly one raw row, never changed."""

    id = models.BigAutoField(primary_key=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="hours")
    person_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=HourKind.choices)
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, related_name="+")
    day = models.DateField(help_text="legal day in China")
    seconds = personal(models.IntegerField(), HOURS)
    at = models.DateTimeField()
    heartbeat = models.OneToOneField(Heartbeat, on_delete=models.PROTECT, null=True, related_name="entry")
    attendance = models.OneToOneField(Attendance, on_delete=models.PROTECT, null=True, related_name="entry")
    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, null=True, related_name="entry")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=HourKind.ONLINE, heartbeat__isnull=False, attendance=None, correction=None, seconds__gt=0
                )
                | Q(kind=HourKind.ONSITE, heartbeat=None, attendance__isnull=False, correction=None, seconds__gt=0)
                | Q(kind=HourKind.CORRECTION, heartbeat=None, attendance=None, correction__isnull=False),
                name="courses_hour_source",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "day"], name="courses_hour_day")]
