"""Seats of a class: held, admitted to learn, released. The database counts them, and keeps them within the capacity."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Refusal

from ..models import Participant
from ..queries import catalogue
from ..states import SessionEnd
from ..values import announce


class NotEnrolling(Refusal):
    """The class is not open for enrolment."""

    code = "class-not-enrolling"
    message = _("“%(name)s” does not take enrolments now: %(state)s.")


class ClassFull(Refusal):
    """Every seat is held."""

    code = "class-full"
    message = _("All %(capacity)s seats of “%(name)s” are taken. Please choose another class.")


class NotSeated(Refusal):
    """The enrolment holds no seat."""

    code = "not-seated"
    message = _("This enrolment holds no seat in a class.")


def hold_seat(
    *, class_id: uuid.UUID, enrolment_id: uuid.UUID, person_id: uuid.UUID, name: str, by: Actor, at: datetime
) -> None:
    """Hold a seat for an enrolment; asked again for the same enrolment, let the seat stand that is held.

    Refuses (NotEnrolling) a class that is not open or is over, and (ClassFull) one without a free seat.
    """
    with transaction.atomic():
        training_class = catalogue.class_row(class_id, lock=True)
        if Participant.objects.filter(enrolment_id=enrolment_id, left_at=None).exists():
            return
        value = catalogue.value(training_class)
        if not value.enrols_on(legal_day(at)):
            raise NotEnrolling(name=value.name, state=value.label_on(legal_day(at)))
        if training_class.free_seats < 1:
            raise ClassFull(name=training_class.name, capacity=training_class.capacity)
        row = Participant.objects.create(
            training_class=training_class, enrolment_id=enrolment_id, person_id=person_id, name=name, seated_at=at
        )
        audit.note("seat.hold", row, by=by, at=at, after=audit.values(row, "training_class_id", "enrolment_id"))


def refresh_person(*, person_id: uuid.UUID, name: str) -> int:
    """Write the register's name into the seats that a person holds; return how many."""
    return Participant.objects.filter(person_id=person_id, left_at=None).update(name=name)


def admit(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Let the holder of a seat learn (the enrolment is paid); admitted already is admitted. Refuses (NotSeated)."""
    with transaction.atomic():
        row = Participant.objects.select_for_update().filter(enrolment_id=enrolment_id, left_at=None).first()
        if row is None:
            raise NotSeated
        if row.admitted_at is None:
            row.admitted_at = at
            row.save(update_fields=["admitted_at"])
            audit.note("seat.admit", row, by=by, at=at, after=audit.values(row, "admitted_at"))


def leave(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Release a seat, if one is held; hours that were credited stay in the ledger. Whoever wants to know is told."""
    with transaction.atomic():
        seat = Participant.objects.filter(enrolment_id=enrolment_id).first()
        if seat is None:
            return
        catalogue.class_row(seat.training_class_id, lock=True)
        row = Participant.objects.select_for_update().get(pk=seat.pk)
        if row.left_at is not None:
            return
        row.left_at = at
        row.save(update_fields=["left_at"])
        row.sessions.filter(ended_at=None).update(ended_at=at, ended_why=SessionEnd.LEFT)
        audit.note("seat.leave", row, by=by, at=at, after=audit.values(row, "left_at"), why=why)
        announce(enrolment_id, at)
