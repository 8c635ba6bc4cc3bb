"""Enrolment: the seat, the payment, the end. Billing calls most of these, since money moves the seat."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from kernel import audit, tenancy
from kernel.access import SYSTEM, Actor
from kernel.later import Priority
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import MINISTRY
from shared.identity.operations import claims, people
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from tenants.courses.operations import seats
from tenants.courses.queries import catalogue

from ..models import Enrolment
from ..queries import enrolments as enrolment_queries
from ..states import ENROLMENT, Channel
from .applications import require_enrolling_institution


def enrol(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Reserve the seat of an eligible applicant: the person's one place for the position province-wide, and a seat.

    Refuses (InstitutionNotEnrolling) where the institution may no longer enrol, (AlreadyEnrolled) a person enrolled for
    the position anywhere, (ClassFull), (NotEnrolling), and (WrongState) an enrolment that is not eligible.
    """
    institution_id = require_enrolling_institution(at)
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id, lock=True)
        ENROLMENT.move(row, "enrol", by=by, at=at, policy=row.policy, locked=True)
        claims.claim_position(
            person_id=row.person_id,
            position=row.position,
            institution_id=institution_id,
            enrolment_id=row.pk,
            by=by,
            at=at,
        )
        seats.hold_seat(
            class_id=row.training_class_id,
            enrolment_id=row.pk,
            person_id=row.person_id,
            name=people_queries.person(row.person_id).name,
            by=by,
            at=at,
        )
        _notify_ministry(row, at=at)


def _notify_ministry(row: Enrolment, *, at: datetime) -> None:
    """Send the ministry's system who enrolled where (policy part 1.1); once per enrolment.

    The document's number is read for it, which is written down, and kept sealed until the receipt has come.
    """
    place = institution_listing_queries.institution(tenancy.institution_id())
    with tenancy.open_public():
        number = people.reveal_id_number(
            person_id=row.person_id, by=SYSTEM, reason=gettext_noop("enrolment told to the ministry's system"), at=at
        )
        person = people_queries.person(row.person_id)
        exchange_messages.send(
            system=MINISTRY,
            kind="person",
            key=str(row.pk),
            subject=row.person_id,
            scope=place.authority_code,
            title=f"{place.name} · {row.number}",
            payload={
                "name": person.name,
                "id_type": person.id_type,
                "id_number": number,
                "position": row.position,
                "institution": place.credit_code,
                "enrolment": row.number,
            },
            as_of=at,
            at=at,
        )


def confirm_paid(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Let the person learn, the fee being paid; confirmed already is confirmed. Billing alone calls this."""
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id, lock=True)
        if enrolment_queries.value(row).paid:
            return
        ENROLMENT.move(row, "confirm", by=by, at=at, locked=True)
        seats.admit(enrolment_id=row.pk, by=by, at=at)
        _notify_confirmed(row, at=at)


def _notify_confirmed(row: Enrolment, *, at: datetime) -> None:
    """Notify who applied online that learning can begin; who came to the counter knows it already."""
    account = account_queries.account(row.applied_by) if row.channel == Channel.ONLINE else None
    if account is None or account.person_id != row.person_id:
        return
    training_class = catalogue.training_class(row.training_class_id)
    url = institution_listing_queries.address_of(
        institution_listing_queries.institution(tenancy.institution_id()).slug, f"/my/classes/{training_class.id}/"
    )
    context = {"name": training_class.name, "starts_on": training_class.starts_on, "url": url}
    key = f"confirmed:{row.pk}"
    notices.send(to=account, template="rosters.confirmed", context=context, at=at, key=key, priority=Priority.BULK)


def complete(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """End an enrolment whose person has passed the test; the person may enrol for the position elsewhere again."""
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id, lock=True)
        ENROLMENT.move(row, "complete", by=by, at=at, locked=True)
        claims.release_position(enrolment_id=row.pk, by=by, at=at, why="completed")


def refresh_person(*, person_id: uuid.UUID, kept: Sequence[str], at: datetime) -> None:
    """Write the register's name and masked number into a person's enrolments that have not ended, and note in the life
    of each what keeps the old ones (`kept`: numbers of orders and sittings).
    """
    person = people_queries.person(person_id)
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update().filter(person_id=person_id).exclude(state__in=ENROLMENT.final())
        for row in rows.order_by("pk"):
            before = audit.values(row, "person_name", "person_masked")
            row.person_name, row.person_masked = person.name, person.masked_id
            row.save(update_fields=["person_name", "person_masked"])
            after = audit.values(row, "person_name", "person_masked")
            audit.note("enrolment.correct-name", row, by=SYSTEM, at=at, before=before, after=after, why="; ".join(kept))


def withdraw(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """End an enrolment before its time: seat and place are released; credited hours stay in the ledger.

    Billing's `withdraw` cancels what is unpaid in the same transaction and is what pages call.
    """
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id)
        ENROLMENT.move(row, "withdraw", by=by, at=at, why=why)
        seats.leave(enrolment_id=row.pk, why=why, by=by, at=at)
        claims.release_position(enrolment_id=row.pk, by=by, at=at, why=why)
