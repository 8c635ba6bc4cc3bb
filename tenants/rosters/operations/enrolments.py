"""Enrolment: the seat, the payment, the end. Billing calls most of these, since money moves the seat."""

import uuid
from datetime import datetime

from django.db import transaction

from kernel import tenancy
from kernel.access import SYSTEM, Actor
from shared.exchange import operations as exchange_operations
from shared.exchange.states import MINISTRY
from shared.identity import operations as identity_operations
from shared.identity import queries as identity
from shared.institutions import queries as institutions
from shared.notices import operations as notices_operations
from tenants.courses import operations as courses_operations
from tenants.courses import queries as courses

from .. import queries
from ..models import Enrolment
from ..states import ENROLMENT, Channel
from .applications import institution_id, require_enrolling_institution


def enrol(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> Enrolment:
    """Reserve the seat of an eligible applicant: the person's one place for the position province-wide, and a seat.

    Refuses (InstitutionNotEnrolling) where the institution may no longer enrol, (AlreadyEnrolled) a person enrolled for
    the position anywhere, (ClassFull), (NotEnrolling), and (WrongState) an enrolment that is not eligible.
    """
    institution_id = require_enrolling_institution(at)
    with transaction.atomic():
        row = queries.row(enrolment_id)
        ENROLMENT.move(row, "enrol", by=by, at=at, policy=row.policy)
        identity_operations.claim_position(
            person_id=row.person_id,
            position=row.position,
            institution_id=institution_id,
            enrolment_id=row.pk,
            by=by,
            at=at,
        )
        courses_operations.hold_seat(
            class_id=row.training_class_id,
            enrolment_id=row.pk,
            person_id=row.person_id,
            name=row.person_name,
            by=by,
            at=at,
        )
        _notify_ministry(row, at=at)
    return row


def _notify_ministry(row: Enrolment, *, at: datetime) -> None:
    """Send the ministry's system who enrolled where (policy part 1.1); once per enrolment.

    The document's number is read for it, which is written down, and kept sealed until the receipt has come.
    """
    place = institutions.institution(institution_id())
    with tenancy.open_public():
        number = identity_operations.reveal_id_number(
            person_id=row.person_id, by=SYSTEM, reason="enrolment told to the ministry's system", at=at
        )
        person = identity.person(row.person_id)
        exchange_operations.send(
            system=MINISTRY,
            kind="person",
            key=str(row.pk),
            subject=row.person_id,
            scope=place.authority_code,
            title=f"{place.name} · {row.number}",
            payload={
                "name": row.person_name,
                "id_type": person.id_type,
                "id_number": number,
                "position": row.position,
                "institution": place.credit_code,
                "enrolment": row.number,
            },
            as_of=at,
            at=at,
        )


def confirm_paid(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> Enrolment:
    """Let the person learn, the fee being paid; confirmed already is confirmed. Billing alone calls this."""
    with transaction.atomic():
        row = queries.row(enrolment_id, lock=True)
        if queries.value(row).paid:
            return row
        ENROLMENT.move(row, "confirm", by=by, at=at)
        courses_operations.admit(enrolment_id=row.pk, by=by, at=at)
        _notify_confirmed(row, at=at)
    return row


def _notify_confirmed(row: Enrolment, *, at: datetime) -> None:
    """Notify who applied online that learning can begin; who came to the counter knows it already."""
    account = identity.account(row.applied_by) if row.channel == Channel.ONLINE else None
    if account is None or account.person_id != row.person_id:
        return
    training_class = courses.training_class(row.training_class_id)
    url = institutions.address_of(institutions.institution(institution_id()).slug, f"/my/classes/{training_class.id}/")
    context = {"name": training_class.name, "starts_on": training_class.starts_on, "url": url}
    notices_operations.send(to=account, template="rosters.confirmed", context=context, at=at, key=f"confirmed:{row.pk}")


def complete(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> Enrolment:
    """End an enrolment whose person has passed the test; the person may enrol for the position elsewhere again."""
    with transaction.atomic():
        row = queries.row(enrolment_id)
        ENROLMENT.move(row, "complete", by=by, at=at)
        identity_operations.release_position(enrolment_id=row.pk, by=by, at=at, why="completed")
    return row


def withdraw(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> Enrolment:
    """End an enrolment before its time: seat and place are released; credited hours stay in the ledger.

    Billing's `withdraw` cancels what is unpaid in the same transaction and is what pages call.
    """
    with transaction.atomic():
        row = queries.row(enrolment_id)
        ENROLMENT.move(row, "withdraw", by=by, at=at, why=why)
        courses_operations.leave(enrolment_id=row.pk, why=why, by=by, at=at)
        identity_operations.release_position(enrolment_id=row.pk, by=by, at=at, why=why)
    return row
