"""Enrolments that an outside system sends on: they land where those at the counter land (policy part 1.1)."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.errors import Refusal
from shared.exchange import operations as exchange
from shared.exchange import queries as ledger
from shared.exchange.states import CENTRE
from shared.identity import operations as identity
from shared.identity import queries as people
from shared.identity.queries.places import enrolled_for
from shared.identity.states import ConsentKind
from shared.institutions import queries as institutions
from tenants.courses import queries as classes

from .. import queries
from ..models import Enrolment
from ..states import Channel, EnrolmentState
from .applications import apply, here, refuse_where_not_taking
from .counter import register_walk_in


class NoOpenClass(Refusal):
    """No class of the institution takes enrolments for the position."""

    code = "no-open-class"
    words = _("This institution has no class for this position that takes enrolments and has a free seat now.")


class ConsentMissing(Refusal):
    """Whoever is not known here must have agreed to our privacy notice at the entry."""

    code = "consent-missing"
    words = _("This person is not known here: show the privacy notice of version %(version)s and send the agreement.")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What an outside system tells of somebody who enrolled there."""

    name: str
    id_type: str
    id_number: str
    mobile: str
    born: date | None
    sex: str
    agreed_to: str
    position: str
    class_id: uuid.UUID | None
    education: str
    major_kind: str
    practice_years: int


def apply_from_outside(*, system: str, told: Applicant, by: str, at: datetime) -> ledger.Outcome:
    """Take an enrolment that came from an outside system, decide it at once, and return the answer to send back.

    All or nothing: where the institution may not enrol, no class is open, the person is enrolled for the position
    elsewhere, or anything told cannot be right, nothing is kept and the answer says why, in every language. Who is not
    eligible has an application here in the state "refused", as at the counter, and the answer holds every reason.
    """
    try:
        with transaction.atomic():
            row = _applied(system, told, by=by, at=at)
    except Refusal as refusal:
        return exchange.refused(refusal)
    return _outcome(row)


def _applied(system: str, told: Applicant, *, by: str, at: datetime) -> Enrolment:
    refuse_where_not_taking(at)
    class_id = _class_for(told)
    known = people.person_by_id_number(told.id_number, told.id_type)
    version = people.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
    if known is None and told.agreed_to != version:
        raise ConsentMissing(version=version)
    sender = Actor(None, None, by, system=True)
    person_id = register_walk_in(
        name=told.name,
        id_number=told.id_number,
        mobile=told.mobile,
        id_type=told.id_type,
        born=told.born,
        sex=told.sex,
        by=sender,
        at=at,
    )
    if enrolled_for(person_id, told.position):
        raise identity.AlreadyEnrolled
    return apply(
        class_id=class_id,
        person_id=person_id,
        education=told.education,
        major_kind=told.major_kind,
        practice_years=told.practice_years,
        channel=Channel.CENTRE if system == CENTRE else Channel.MINISTRY,
        by=Actor(people.account_of(person_id), person_id, by, system=True),
        at=at,
    )


def _class_for(told: Applicant) -> uuid.UUID:
    """Return the class that was chosen, or the first that takes enrolments for the position."""
    open_ones = [c for c in classes.open_classes() if c.position == told.position and c.free_seats > 0]
    chosen = [c for c in open_ones if told.class_id in (None, c.id)]
    if not chosen:
        raise NoOpenClass
    return chosen[0].id


def _outcome(row: Enrolment) -> ledger.Outcome:
    place = institutions.institution(here())
    facts: dict[str, Any] = {"enrolment": row.number, "institution": place.name, "state": row.state}
    if row.state != EnrolmentState.REFUSED:
        words = exchange.said(_("Eligible. A seat is reserved when the fee is paid at the institution."))
        facts["address"] = institutions.address_of(place.slug)
        return ledger.Outcome(True, "eligible", words, facts)
    reasons = queries.row(row.pk).reasons
    words = {language: " ".join(reason["words"][language] for reason in reasons) for language in reasons[0]["words"]}
    facts["reasons"] = [{"code": r["code"], "rule": r["rule"], "words": r["words"]} for r in reasons]
    return ledger.Outcome(False, "not-eligible", words, facts)
