"""Applications: decided at once by the policy's matrix, with every reason told (policy part 1.1)."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from shared.identity import queries as identity
from shared.institutions import queries as institutions
from shared.policy import queries as policy
from shared.records import operations as records
from tenants.courses import operations as courses
from tenants.courses import queries as classes

from .. import methods, queries
from ..models import Enrolment
from ..states import ENROLMENT, Channel
from .privacy import settle_consent


class NotTaking(Refusal):
    """The institution may not take trainees now."""

    code = "institution-not-enrolling"
    words = _("This institution does not take trainees now: %(standing)s. %(words)s")


class AlreadyApplied(Refusal):
    """The person has a live application for this class."""

    code = "already-applied"
    words = _("There is an application of this person for this class already. “My training” shows it.")


class BirthdayMissing(Refusal):
    """Age cannot be decided without a date of birth."""

    code = "birthday-missing"
    status = 422
    words = _("The date of birth is not known; complete the personal details first.")


def here() -> uuid.UUID:
    """Return the open institution's key."""
    found = tenancy.current_institution_id()
    assert found is not None
    return found


def refuse_where_not_taking(at: datetime) -> uuid.UUID:
    """Return the open institution's key; refuses (NotTaking) one that may not enrol at `at` (policy part 1.1)."""
    standing = institutions.standing(here(), at)
    if not standing.may_enrol:
        raise NotTaking(standing=standing.label, words=standing.words)
    return here()


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
    or `agree_scan`, else (ConsentMissing) with the way that does without. Refuses (NotTaking) where the institution may
    not enrol, (NotEnrolling) a class that is not open, (AlreadyApplied), (FileRefused), and
    (UnknownKey) an education or major that the policy does not know. A person who is not eligible is no refusal of
    ours: the answer is an enrolment in the state "refused".
    """
    refuse_where_not_taking(at)
    group = classes.training_class(class_id)
    if not group.enrolling:
        raise courses.NotEnrolling(name=group.name, state=group.state_label)
    person = identity.person(person_id)
    if person.born is None:
        raise BirthdayMissing
    if not 0 <= practice_years <= 80:
        raise Invalid(_("Enter full years of practice on site, 0 to 80."), field="practice_years")
    law = policy.pack_at(at)
    decided = policy.eligibility(
        position=group.position,
        education=education,
        major=major_kind,
        years=practice_years,
        born=person.born,
        sex=person.sex,
        when=at,
    )
    assert by.account_id is not None
    row = Enrolment(
        number=methods.new_number(legal_day(at)),
        training_class_id=class_id,
        position=group.position,
        person_id=person_id,
        person_name=person.name,
        person_masked=person.masked_id,
        channel=channel,
        education=education,
        major=major_kind,
        practice_years=practice_years,
        policy=law.version,
        applied_at=at,
        applied_by=by.account_id,
        state_since=at,
    )
    with transaction.atomic():
        if evidence is not None:
            settle_consent(person_id=person_id, agreed=agree_scan, channel=channel, by=by, at=at)
            row.evidence = records.store_file(content=evidence, name=str(evidence.name), by=by, at=at).pk
        _save_new(row)
        facts = ("number", "training_class_id", "education", "major", "practice_years", "channel")
        audit.note("enrolment.apply", row, by=by, at=at, after=audit.values(row, *facts), policy=law.version)
        _decide(row, decided, law, by=by, at=at)
    return row


def _save_new(row: Enrolment) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyApplied from None


def _decide(
    row: Enrolment, decided: policy.Eligible | policy.NotEligible, law: policy.Pack, *, by: Actor, at: datetime
) -> None:
    if isinstance(decided, policy.Eligible):
        ENROLMENT.move(row, "find_eligible", by=by, at=at, policy=law.version, rule=decided.rule)
        return
    reasons = [_reason(reason, law) for reason in decided.reasons]
    ENROLMENT.move(row, "refuse", by=by, at=at, policy=law.version, reasons=reasons)


def _reason(reason: policy.Reason, law: policy.Pack) -> dict[str, Any]:
    """Return a reason as it is kept: in every language, with its source, so that it reads tomorrow as it was told."""
    source = law.source(reason.rule)
    words, told = {}, {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language], told[language] = str(reason), source.label
    return {
        "code": reason.code,
        "rule": reason.rule,
        "words": words,
        "source": told,
        "from_policy": source.from_policy,
    }


def admit_by_decision(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Let a refused applicant in by the principal's decision, whose reason is kept; the reasons of the refusal stay.

    Refuses (Invalid) an empty reason, and anybody but the principal (Denied).
    """
    if len(why.strip()) < 4:
        raise Invalid(_("Say on what evidence this is decided; it is kept with the enrolment."), field="why")
    with transaction.atomic():
        row = queries.row(enrolment_id)
        ENROLMENT.move(row, "admit_by_decision", by=by, at=at, why=why.strip(), policy=policy.pack_at(at).version)
