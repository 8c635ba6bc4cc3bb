"""Claims: what a person may have only once in the province. The database decides every race, by a unique constraint."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import Actor
from kernel.errors import NotFound, Refusal

from ..models.claims import ActiveEnrolment, LearningLease, SeatLease
from ..models.people import Person


class AlreadyEnrolled(Refusal):
    """The person is enrolled for this position somewhere in the province."""

    code = "already-enrolled"
    message = _(
        "You are enrolled for this position already, here or at another institution."
        " Complete or withdraw that enrolment first; “My account” shows where it is."
    )


class StudyElsewhere(Refusal):
    """Another window took over this person's studying."""

    code = "study-elsewhere"
    message = _("You went on studying in another window or on another device. Time counts only there.")


class SeatElsewhere(Refusal):
    """The person sits in another test now."""

    code = "seat-elsewhere"
    message = _("This person sits in another test at this moment. It must end before this one can begin.")


def claim_position(
    *, person_id: uuid.UUID, position: str, institution_id: uuid.UUID, enrolment_id: uuid.UUID, by: Actor, at: datetime
) -> None:
    """Take the one place that a person has for a position in the province; again for the same enrolment is harmless.

    Refuses (AlreadyEnrolled) while another enrolment holds it, wherever that is.
    """
    with transaction.atomic():
        if not Person.objects.filter(pk=person_id).exists():
            raise NotFound
        try:
            with transaction.atomic():
                row = ActiveEnrolment.objects.create(
                    person_id=person_id,
                    position=position,
                    institution_id=institution_id,
                    enrolment_id=enrolment_id,
                    claimed_at=at,
                )
        except IntegrityError:
            claim = ActiveEnrolment.objects.filter(person_id=person_id, position=position, released_at=None).first()
            if claim is None or claim.enrolment_id != enrolment_id:
                raise AlreadyEnrolled from None
            return
        audit.note(
            "position.claim", row, by=by, at=at, after=audit.values(row, "person_id", "position", "enrolment_id")
        )


def release_position(*, enrolment_id: uuid.UUID, by: Actor, at: datetime, why: str = "") -> None:
    """Give back what an enrolment holds, when it is completed or withdrawn; harmless where it holds nothing."""
    with transaction.atomic():
        rows = ActiveEnrolment.objects.select_for_update().filter(enrolment_id=enrolment_id, released_at=None)
        for row in rows.order_by("pk"):
            row.released_at = at
            row.save(update_fields=["released_at"])
            audit.note(
                "position.release", row, by=by, at=at, after=audit.values(row, "position", "released_at"), why=why
            )


def acquire_learning_lease(*, person_id: uuid.UUID, institution_id: uuid.UUID, token: str, at: datetime) -> None:
    """Let this window (its `token`) be where the person studies now; whichever window had it before loses it.

    That may be another institution's, so it is done on the platform's side of the wall.
    """
    with tenancy.open_public(), transaction.atomic():
        LearningLease.objects.bulk_create(
            [LearningLease(person_id=person_id, institution_id=institution_id, token=token, taken_at=at)],
            update_conflicts=True,
            unique_fields=["person"],
            update_fields=["institution_id", "token", "taken_at"],
        )


def hold_learning_lease(*, person_id: uuid.UUID, token: str) -> None:
    """Hold the lease for the rest of this transaction; refuses (StudyElsewhere) when another window has taken it."""
    with transaction.atomic():
        row = LearningLease.objects.select_for_update().filter(person_id=person_id).first()
        if row is None or row.token != token:
            raise StudyElsewhere


def release_learning_lease(*, person_id: uuid.UUID, token: str) -> None:
    """Give the lease back if this window still has it."""
    with transaction.atomic():
        LearningLease.objects.filter(person_id=person_id, token=token).delete()


def take_seat(*, person_id: uuid.UUID, institution_id: uuid.UUID, attempt_id: uuid.UUID, at: datetime) -> None:
    """Take the one seat in which a person can sit; again for the same attempt is harmless.

    Refuses (SeatElsewhere) while another attempt has it, in whatever institution.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                SeatLease.objects.create(
                    person_id=person_id, institution_id=institution_id, attempt_id=attempt_id, taken_at=at
                )
        except IntegrityError:
            if not SeatLease.objects.filter(person_id=person_id, attempt_id=attempt_id).exists():
                raise SeatElsewhere from None


def leave_seat(*, person_id: uuid.UUID, attempt_id: uuid.UUID) -> None:
    """Give the seat back if this attempt still has it."""
    with transaction.atomic():
        SeatLease.objects.filter(person_id=person_id, attempt_id=attempt_id).delete()
