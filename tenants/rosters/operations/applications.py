"""Applications: decided at once by the policy's matrix, with every reason (policy part 1.1)."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from shared.identity.queries import people as people_queries
from shared.institutions.queries import standings
from shared.policy.queries import packs as pack_queries
from shared.policy.values.eligibility import Eligible, NotEligible, Reason
from shared.policy.values.pack import Pack
from shared.records import operations as records
from tenants.courses.operations import seats
from tenants.courses.queries import catalogue

from ..methods import numbers
from ..models import Enrolment
from ..queries import enrolments as enrolment_queries
from ..states import ENROLMENT, Channel
from .privacy import settle_consent


class InstitutionNotEnrolling(Refusal):
    """The institution may not take trainees now."""

    code = "institution-not-enrolling"
    message = _("This institution does not take trainees now: %(standing)s. %(reason)s")


class AlreadyApplied(Refusal):
    """The person has a live application for this class."""

    code = "already-applied"
    message = _("There is an application of this person for this class already. “My training” shows it.")


class BirthdayMissing(Refusal):
    """Age cannot be decided without a date of birth."""

    code = "birthday-missing"
    status = 422
    message = _("The date of birth is not known; complete the personal details first.")


def enrolment_refusal(training_class: catalogue.ClassValue, at: datetime) -> Refusal | None:
    """Return why nobody can enrol in a class at `at`, as `apply` would refuse it; None where somebody can."""
    standing = standings.standing(tenancy.institution_id(), at)
    if not standing.may_enrol:
        return InstitutionNotEnrolling(standing=standing.label, reason=standing.words)
    day = legal_day(at)
    if not training_class.enrols_on(day):
        return seats.NotEnrolling(name=training_class.name, state=training_class.label_on(day))
    return None


def require_enrolling_institution(at: datetime) -> uuid.UUID:
    """Return the open institution's key (policy part 1.1); refuses (InstitutionNotEnrolling) one that may not enrol."""
    standing = standings.standing(tenancy.institution_id(), at)
    if not standing.may_enrol:
        raise InstitutionNotEnrolling(standing=standing.label, reason=standing.words)
    return tenancy.institution_id()


def apply(
    *,
    class_id: uuid.UUID,
    person_id: uuid.UUID,
    education: str,
    major_kind: str,
    practice_years: int,
    evidence: "UploadedFile[Any] | None" = None,
    agree_scan: bool = False,
    channel: str = Channel.ONLINE,
    by: Actor,
    at: datetime,
) -> Enrolment:
    """Take an application for a class and decide it at once: eligible, or refused with every reason and its source.

    `evidence` is one file (diploma, proof of practice), kept only with the person's separate consent: one that stands
    or `agree_scan`, else (ConsentMissing) with the way that does without. Refuses (InstitutionNotEnrolling) where the
    institution may not enrol, (NotEnrolling) a class that is not open or is over, (AlreadyApplied), (FileRefused), and
    (UnknownKey) an education or major that the policy does not know. A person who is not eligible is no refusal of
    ours: the answer is an enrolment in the state "refused".
    """
    applied_by = access.account_of(by)
    training_class = catalogue.training_class(class_id)
    if (refusal := enrolment_refusal(training_class, at)) is not None:
        raise refusal
    person = people_queries.person(person_id)
    if person.born is None:
        raise BirthdayMissing
    if not 0 <= practice_years <= 80:
        raise Invalid(_("Enter full years of practice on site, 0 to 80."), field="practice_years")
    pack = pack_queries.pack_at(at)
    decision = pack_queries.eligibility(
        position=training_class.position,
        education=education,
        major=major_kind,
        years=practice_years,
        born=person.born,
        sex=person.sex,
        when=at,
    )
    row = Enrolment(
        number=numbers.new_number(legal_day(at)),
        training_class_id=class_id,
        position=training_class.position,
        person_id=person_id,
        person_name=person.name,
        person_masked=person.masked_id,
        channel=channel,
        education=education,
        major=major_kind,
        practice_years=practice_years,
        policy=pack.version,
        applied_at=at,
        applied_by=applied_by,
        state_since=at,
    )
    with transaction.atomic():
        if evidence is not None:
            settle_consent(person_id=person_id, agreed=agree_scan, channel=channel, by=by, at=at)
            row.evidence = records.store_file(content=evidence, name=str(evidence.name), by=by, at=at).id
        _save_new(row)
        facts = ("number", "training_class_id", "education", "major", "practice_years", "channel")
        audit.note("enrolment.apply", row, by=by, at=at, after=audit.values(row, *facts), policy=pack.version)
        _decide(row, decision, pack, at=at)
    return row


def _save_new(row: Enrolment) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyApplied from None


def _decide(row: Enrolment, decision: Eligible | NotEligible, pack: Pack, *, at: datetime) -> None:
    """Note what the matrix makes of what was declared. A machine compared it: nobody judged, the applicant least."""
    if isinstance(decision, Eligible):
        ENROLMENT.move(row, "find_eligible", by=SYSTEM, at=at, policy=pack.version, locked=True, rule=decision.rule)
        return
    reasons = [_reason(reason, pack) for reason in decision.reasons]
    ENROLMENT.move(row, "refuse", by=SYSTEM, at=at, policy=pack.version, reasons=reasons)


def _reason(reason: Reason, pack: Pack) -> dict[str, Any]:
    """Return a reason as it is kept: in every language, with its source, so that it always reads as on its day."""
    source = pack.source(reason.rule)
    words, sources = {}, {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language], sources[language] = str(reason), source.label
    return {
        "code": reason.code,
        "rule": reason.rule,
        "words": words,
        "source": sources,
        "from_policy": source.from_policy,
    }


def admit_by_decision(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Let a refused applicant in by the principal's decision, whose reason is kept; the reasons of the refusal stay.

    Refuses (ReasonRequired) an empty reason, and anybody but the principal (Denied).
    """
    why = reasons.require(why, message=_("Say on what evidence this is decided; it is kept with the enrolment."))
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id)
        ENROLMENT.move(row, "admit_by_decision", by=by, at=at, why=why, policy=pack_queries.pack_at(at).version)
