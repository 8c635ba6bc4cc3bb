"""Programmes and classes."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Count, DateField, QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from kernel import tenancy
from kernel.access import Actor
from kernel.dates import day_in_words
from kernel.db.statements import Bind, Figure, Statement, ask
from kernel.errors import NotFound
from kernel.roles import Role
from shared.filings import states as filing_states
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Source
from shared.policy.values.shapes.admission import Position

from .. import rules
from ..models import Programme, TrainingClass
from ..states import CLASS, ClassState


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class as other apps see it."""

    id: uuid.UUID
    name: str
    programme: str
    position: str
    class_hours: int
    seconds_per_class_hour: int
    starts_on: date
    ends_on: date
    enrols_until: date
    capacity: int
    free_seats: int
    place: str
    teacher: uuid.UUID | None
    teacher_name: str
    state: str

    @property
    def state_label(self) -> str:
        """Return the state in words."""
        return str(ClassState(self.state).label)

    def enrols_on(self, day: date) -> bool:
        """Say whether it takes enrolments on a day: it is open, and not over."""
        return filing_states.takes_enrolments(self.state, self.enrols_until, day)

    def teaches_on(self, day: date) -> bool:
        """Say whether somebody with a seat in it can be taught from a day on: open or running, and not over."""
        return self.state in (ClassState.OPEN, ClassState.RUNNING) and day <= self.ends_on

    def label_on(self, day: date) -> str:
        """Return in words where it stands on a day: over, though nobody has closed it, or its state."""
        if self.state in (ClassState.OPEN, ClassState.RUNNING) and day > self.ends_on:
            return gettext("over since %(day)s") % {"day": day_in_words(self.ends_on)}
        return self.state_label

    may_be_opened = CLASS.allows("open")


def value(row: TrainingClass) -> ClassValue:
    return ClassValue(
        id=row.pk,
        name=row.name,
        programme=row.programme.title,
        position=row.position,
        class_hours=row.class_hours,
        seconds_per_class_hour=row.programme.seconds_per_class_hour,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        enrols_until=row.enrols_until,
        capacity=row.capacity,
        free_seats=row.free_seats,
        place=row.place,
        teacher=row.teacher,
        teacher_name=row.teacher_name,
        state=row.state,
    )


def programme(programme_id: uuid.UUID, *, lock: bool = False) -> Programme:
    """Return a programme; refuses (NotFound) an unknown one."""
    rows = Programme.objects.select_for_update() if lock else Programme.objects.all()
    row = rows.filter(pk=programme_id).first()
    if row is None:
        raise NotFound
    return row


def programmes() -> QuerySet[Programme]:
    """Return the programmes with the number of their lessons and classes."""
    return Programme.objects.annotate(
        lesson_count=Count("lessons", distinct=True), class_count=Count("classes", distinct=True)
    )


def classes() -> QuerySet[TrainingClass]:
    """Return the classes, newest first, with their programmes."""
    return TrainingClass.objects.select_related("programme")


_CHOICES: Statement[tuple[str, str]] = Statement(
    lambda: TrainingClass.objects.values_list(Cast("pk", CharField()), "name")
)
_PROGRAMMES = Statement(lambda: Programme.objects.all())
_PLANNED = Statement(lambda: classes().filter(state=ClassState.DRAFT).order_by("starts_on", "name"))
_OPEN = Statement(lambda: classes().filter(state=ClassState.OPEN).order_by("starts_on", "name"))
_ENROLLING = Statement(
    lambda: classes().filter(state=ClassState.OPEN, ends_on__gte=Bind("day", DateField())).order_by("starts_on", "name")
)
_TO_START = Statement(lambda: classes().filter(state=ClassState.OPEN, starts_on__lte=Bind("day", DateField())))
_BY_KEY = Statement(lambda: classes().filter(pk__any_of=Bind("keys", UUIDField(), many=True)))


def has_programme() -> bool:
    """Say whether there is any programme."""
    return bool(ask(_PROGRAMMES.exists())[0])


def signs_of_work(day: date) -> list[Figure]:
    """Return what to ask before the desk's classes: none to teach by, one planned, one to start on this day."""
    return [_PROGRAMMES.missing(), _PLANNED.exists(), _TO_START.exists(day=day)]


def classes_enrolling(day: date) -> Figure:
    """Return how many classes take enrolments on a day, to be asked."""
    return _ENROLLING.count(day=day)


def class_choices() -> list[tuple[str, str]]:
    """Return key and name of every class, newest first: what a choice of them needs."""
    return _CHOICES.fetch()


def class_row(class_id: uuid.UUID, *, lock: bool = False) -> TrainingClass:
    """Return a class; refuses (NotFound) an unknown one. The caller has checked who asks."""
    rows = classes().select_for_update(of=("self",)) if lock else classes()
    row = rows.filter(pk=class_id).first()
    if row is None:
        raise NotFound
    return row


def class_for(class_id: uuid.UUID, *, by: Actor) -> TrainingClass:
    """Return a class that `by` works with: the desk any, a teacher their own; refuses (NotFound) others."""
    row = class_row(class_id)
    if not rules.may_teach(by, row.teacher):
        raise NotFound
    return row


def class_value(class_id: uuid.UUID, *, lock: bool = False) -> ClassValue:
    """Return a class, opened or not; refuses (NotFound) an unknown one. The caller has checked who asks."""
    return value(class_row(class_id, lock=lock))


def training_class(class_id: uuid.UUID) -> ClassValue:
    """Return a class that the public may see (it has been opened); refuses (NotFound) others."""
    row = class_row(class_id)
    if row.state == ClassState.DRAFT:
        raise NotFound
    return value(row)


def training_classes(class_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ClassValue]:
    """Return classes by their keys, in one query; unknown ones are left out."""
    keys = set(class_ids)
    return {row.pk: value(row) for row in _BY_KEY.fetch(keys=keys)} if keys else {}


def classes_for(actor: Actor) -> QuerySet[TrainingClass]:
    """Return the classes that a member of staff works with: the desk with all, a teacher with their own."""
    return classes() if rules.desk(actor) else classes().filter(teacher=actor.account_id)


def positions_here(when: datetime) -> list[Position]:
    """Return the positions that may be trained for here: certified, and among those the institution committed to."""
    institution_id = tenancy.institution_id()
    committed = institution_listing_queries.institution(institution_id).positions
    return [position for position in pack_queries.positions(when) if not committed or position.key in committed]


def hours_by_position(when: datetime) -> list[tuple[str, int, Source]]:
    """Return the class hours that the policy asks for, by position here, each with its source."""
    pack = pack_queries.pack_at(when)
    return [(p.label, pack.hours(p.key), pack.source(f"learning.hours.{p.key}")) for p in positions_here(when)]


def teachers(scope: str) -> list[account_queries.AccountValue]:
    """Return the teachers of an organisation."""
    return account_queries.holders(Role.TEACHER, scope)


def planned_classes() -> list[ClassValue]:
    """Return the classes that nobody can enrol in yet, the one that begins first on top."""
    return [value(row) for row in _PLANNED.fetch()]


def open_classes() -> list[ClassValue]:
    """Return the classes that nobody has started, be they over or not, the one that begins first on top."""
    return [value(row) for row in _OPEN.fetch()]


def enrolling_classes(day: date) -> list[ClassValue]:
    """Return the classes that take enrolments on a day, the one that begins first on top."""
    return [value(row) for row in _ENROLLING.fetch(day=day)]
