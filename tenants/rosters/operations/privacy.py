"""The evidence of an application: kept with a consent of its own, or seen at the counter; erased in time."""

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import Refusal
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.states import ConsentChannel, ConsentKind
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from shared.privacy.operations import erasing
from shared.records import operations as records
from tenants.courses.queries import catalogue

from .. import rules
from ..models import Enrolment
from ..queries import enrolments as enrolment_queries
from ..queries import privacy as roster_privacy_queries
from ..states import Channel, EnrolmentState


class OwnPapers(Refusal):
    """Nobody looks at their own papers for the institution."""

    code = "own-papers"
    status = 403
    message = _("These are your own papers. A colleague looks at them.")


def settle_consent(*, person_id: uuid.UUID, agreed: bool, channel: str, by: Actor, at: datetime) -> None:
    """Make sure that a picture of papers may be kept: by a consent that stands, or by one that is given now.

    Refuses (ConsentMissing), naming the other way: originals shown at the counter.
    """
    if identity_consent_queries.may_process(ConsentKind.ID_SCAN, person_id=person_id, at=at):
        return
    if not agreed:
        words = identity_consent_queries.text_in_force(ConsentKind.ID_SCAN, at).instead
        raise identity_consents.ConsentMissing(field="agree_scan", instead=words)
    counter = channel == Channel.COUNTER
    identity_consents.give_consent(
        kind=ConsentKind.ID_SCAN,
        person_id=person_id,
        by=dataclasses.replace(by, system=True) if counter else by,  # signed on paper before the registrar
        at=at,
        channel=ConsentChannel.COUNTER if counter else ConsentChannel.ONLINE,
    )


def note_evidence_seen(*, enrolment_id: uuid.UUID, what: str, by: Actor, at: datetime) -> None:
    """Note that a person of the desk looked at the papers: the originals at the counter, or the file that was sent.
    Who holds a seat can pay from now on, and is told so.

    Refuses (ReasonRequired) a note that does not say what was seen, and (OwnPapers) one's own papers.
    """
    access.demand(by, rules.desk)
    what = reasons.require(what, field="what", message=_("Say which papers you have seen."), longest=300)
    with transaction.atomic():
        row = enrolment_queries.row(enrolment_id, lock=True)
        if by.person_id is not None and by.person_id == row.person_id:
            raise OwnPapers
        if row.papers_seen_at is None:
            row.papers_seen_at, row.papers_seen_by = at, access.account_of(by)
            row.save(update_fields=["papers_seen_at", "papers_seen_by"])
            _tell_seen(row, by=by, at=at)
        audit.note("enrolment.evidence-seen", row, by=by, at=at, why=what)


def _tell_seen(row: Enrolment, *, by: Actor, at: datetime) -> None:
    if row.state != EnrolmentState.ENROLLED or not row.rule:
        return
    url = institution_listing_queries.address_here(f"/my/enrolments/{row.pk}/")
    context = {"name": catalogue.training_class(row.training_class_id).name, "url": url}
    key = f"papers-seen:{row.pk}"
    notices.send_person(person_id=row.person_id, by=by, template="rosters.papers_seen", context=context, at=at, key=key)


def _erase_files(ids: Sequence[uuid.UUID], at: datetime, why: str) -> erasing.Erasure:
    files = 0
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update().filter(pk__in=ids, evidence__isnull=False).order_by("pk")
        for row in rows:
            assert row.evidence is not None  # asked for above
            files += records.erase_file(file_id=row.evidence, by=SYSTEM, at=at, why=why)
            row.evidence = None
            row.save(update_fields=["evidence"])
    return erasing.Erasure(files, files)


def _erase_applications(ids: Sequence[uuid.UUID], at: datetime) -> erasing.Erasure:
    overwritten = roster_privacy_queries.OVERWRITTEN
    blank = {
        "person_name": overwritten,
        "person_masked": overwritten,
        "education": "",
        "major": "",
        "practice_years": 0,
    }
    return erasing.Erasure(Enrolment.objects.filter(pk__in=ids).update(**blank, reasons=[]))


@erasing.depends_on_consent(ConsentKind.ID_SCAN)
def erase_evidence_of(person_id: uuid.UUID, recipient: str, at: datetime) -> erasing.Erasure:
    """Take away every file that rested on a person's consent; what was decided on it stands."""
    return _erase_files(roster_privacy_queries.with_evidence(person_id), at, "consent taken back")


erasing.register_deletion_job(
    erasing.DeletionJob(
        "rosters.evidence",
        _("Evidence of applications that came to nothing"),
        "evidence",
        roster_privacy_queries.evidence_due,
        lambda ids, at: _erase_files(ids, at, "retention"),
        tenants=True,
    )
)
erasing.register_deletion_job(
    erasing.DeletionJob(
        "rosters.applications",
        _("Applications that came to nothing"),
        "refused",
        roster_privacy_queries.applications_due,
        _erase_applications,
        tenants=True,
    )
)
