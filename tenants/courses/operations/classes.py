"""Classes: planned, opened for enrolment, started, closed; filed with the platform from their opening on."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid
from shared.institutions.queries import standings
from shared.institutions.states import Activity

from .. import rules
from ..models import TrainingClass
from ..queries import catalogue
from ..states import CLASS
from .filing import file_class


class InvalidClassDates(Invalid):
    """The class ends before it begins, or began already."""

    code = "invalid-class-dates"
    message = _("The last day lies before the first.")


class TooFewSeats(Invalid):
    """A class has at least one seat."""

    code = "too-few-seats"
    message = _("A class needs at least one seat.")


def plan_class(
    *,
    programme_id: uuid.UUID,
    name: str,
    starts_on: date,
    ends_on: date,
    capacity: int,
    place: str = "",
    teacher: uuid.UUID | None = None,
    teacher_name: str = "",
    by: Actor,
    at: datetime,
) -> TrainingClass:
    """Plan a class of a programme; nobody can enrol before it is opened.

    Refuses (InvalidClassDates) days in the wrong order or wholly in the past, (TooFewSeats) no seats, and
    (StandingForbids).
    """
    access.demand(by, rules.desk)
    if ends_on < starts_on:
        raise InvalidClassDates(field="ends_on")
    if ends_on < legal_day(at):
        raise InvalidClassDates(_("These days are over."), field="ends_on")
    if capacity < 1:
        raise TooFewSeats(field="capacity")
    standings.require(Activity.PLAN, tenancy.institution_id(), at)
    with transaction.atomic():
        programme = catalogue.programme(programme_id, lock=True)
        row = TrainingClass.objects.create(
            programme=programme,
            position=programme.position,
            class_hours=programme.class_hours,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            capacity=capacity,
            place=place,
            teacher=teacher,
            teacher_name=teacher_name,
            state_since=at,
        )
        after = audit.values(row, "name", "starts_on", "ends_on", "capacity", "teacher_name")
        audit.note("training_class.plan", row, by=by, at=at, after=after, policy=programme.policy)
    return row


def open_class(*, class_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Open a class for enrolment. Billing calls this once a price is published."""
    _move(class_id, "open", by=by, at=at)


def start_class(*, class_id: uuid.UUID, by: Actor, at: datetime) -> TrainingClass:
    """Stop enrolling and start teaching."""
    return _move(class_id, "start", by=by, at=at)


def close_class(*, class_id: uuid.UUID, by: Actor, at: datetime) -> TrainingClass:
    """Close a class: no more hours are credited in it."""
    return _move(class_id, "close", by=by, at=at)


def _move(class_id: uuid.UUID, name: str, *, by: Actor, at: datetime) -> TrainingClass:
    with transaction.atomic():
        row = catalogue.class_row(class_id)
        CLASS.move(row, name, by=by, at=at)
        file_class(row, by=by, at=at)
    return row
