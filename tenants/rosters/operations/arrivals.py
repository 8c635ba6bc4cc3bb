"""Enrolments from outside systems: decided as those at the counter are (policy part 1.1)."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Refusal
from shared.exchange.operations import arrivals as exchange_arrivals
from shared.exchange.queries import kinds
from shared.exchange.states import CENTRE
from shared.identity.operations import claims
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.queries import people as people_queries
from shared.identity.queries.places import enrolled_for
from shared.identity.states import ConsentChannel, ConsentKind
from shared.institutions.queries import listing as institution_listing_queries
from tenants.courses.queries import catalogue

from ..models import Enrolment
from ..queries import enrolments as enrolment_queries
from ..states import Channel, EnrolmentState
from .applications import apply, require_enrolling_institution
from .counter import register_walk_in


class NoOpenClass(Refusal):
    """No class of the institution takes enrolments for the position."""

    code = "no-open-class"
    message = _("This institution has no class for this position that takes enrolments and has a free seat now.")


class NoticeNotAccepted(Refusal):
    """Whoever is not known here must have agreed to our privacy notice at the entry."""

    code = "notice-not-accepted"
    message = _("This person is not known here: show the privacy notice of version %(version)s and send the agreement.")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who enrolled at an outside system, as it sent them."""

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


def apply_from_outside(*, system: str, applicant: Applicant, by: str, at: datetime) -> kinds.Outcome:
    """Take an enrolment that came from an outside system, decide it at once, and return the answer to send back.

    All or nothing: where the institution may not enrol, no class is open, the person is enrolled for the position
    elsewhere, or anything sent cannot be right, nothing is kept and the answer says why, in every language. Who is not
    eligible has an application here in the state "refused", as at the counter, and the answer holds every reason.
    """
    try:
        with transaction.atomic():
            row = _apply(system, applicant, by=by, at=at)
    except Refusal as refusal:
        return exchange_arrivals.refusal_outcome(refusal)
    return _outcome(row)


def _apply(system: str, applicant: Applicant, *, by: str, at: datetime) -> Enrolment:
    require_enrolling_institution(at)
    class_id = _class_for(applicant, at=at)
    person = people_queries.person_by_id_number(applicant.id_number, applicant.id_type)
    version = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
    known = person is not None and identity_consent_queries.account_of(person.id) is not None
    if not known and applicant.agreed_to != version:
        raise NoticeNotAccepted(version=version)
    sender = Actor(None, None, by, system=True)
    person_id = register_walk_in(
        name=applicant.name,
        id_number=applicant.id_number,
        mobile=applicant.mobile,
        id_type=applicant.id_type,
        born=applicant.born,
        sex=applicant.sex,
        channel=ConsentChannel.ONLINE,
        by=sender,
        at=at,
    )
    if enrolled_for(person_id, applicant.position):
        raise claims.AlreadyEnrolled
    return apply(
        class_id=class_id,
        person_id=person_id,
        education=applicant.education,
        major_kind=applicant.major_kind,
        practice_years=applicant.practice_years,
        channel=Channel.CENTRE if system == CENTRE else Channel.MINISTRY,
        by=Actor(identity_consent_queries.account_of(person_id), person_id, by, system=True),
        at=at,
    )


def _class_for(applicant: Applicant, *, at: datetime) -> uuid.UUID:
    """Return the class that was chosen, or the first that takes enrolments for the position."""
    enrolling = catalogue.enrolling_classes(legal_day(at))
    open_classes = [c for c in enrolling if c.position == applicant.position and c.free_seats > 0]
    matching = [c for c in open_classes if applicant.class_id in (None, c.id)]
    if not matching:
        raise NoOpenClass
    return matching[0].id


def _outcome(row: Enrolment) -> kinds.Outcome:
    place = institution_listing_queries.institution(tenancy.institution_id())
    facts: dict[str, Any] = {"enrolment": row.number, "institution": place.name, "state": row.state}
    if row.state != EnrolmentState.REFUSED:
        words = exchange_arrivals.in_all_languages(
            _("Eligible. A seat is reserved when the fee is paid at the institution.")
        )
        facts["address"] = institution_listing_queries.address_of(place.slug)
        return kinds.Outcome(True, "eligible", words, facts)
    reasons = enrolment_queries.row(row.pk).reasons
    words = {language: " ".join(reason["words"][language] for reason in reasons) for language in reasons[0]["words"]}
    facts["reasons"] = [{"code": r["code"], "rule": r["rule"], "words": r["words"]} for r in reasons]
    return kinds.Outcome(False, "not-eligible", words, facts)
