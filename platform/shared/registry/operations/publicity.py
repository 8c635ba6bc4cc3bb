"""Objections of the public, the authority's decisions on them, the end of a notice (policy part 2.1: 无异议)."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, crypto, reasons
from kernel.access import ANONYMOUS, SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound, Refusal
from kernel.web import limits
from kernel.web.limits import TooMany
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import Objection, PublicNotice, Upload
from ..queries import notices as registry_notices
from ..states import COMMITMENT, OBJECTION, Ending, ObjectionState
from .ministry import request_upload
from .verifications import notify_principals

# Against floods, not a rule of the policy: this many objections an hour from one address.
OBJECTIONS_PER_HOUR = 5
OBJECTIONS = limits.declare("objections", _("Objections to a public notice"))


class NoticeEnded(Refusal):
    """The notice takes no more objections."""

    code = "notice-ended"
    message = _("The public notice has ended. You can still complain to the authority about a listed institution.")


class TooManyObjections(TooMany):
    """Too many objections from one address."""

    code = "too-many-objections"
    message = _("Too many objections came from your address within the hour. Please try again later.")


class TextTooShort(Invalid):
    """An objection without words."""

    code = "text-too-short"
    message = _("Write at least a few words (10 characters), so that it can be looked into.")


def file_objection(
    *,
    notice_id: uuid.UUID,
    text: str,
    name: str = "",
    contact: str = "",
    source: str,
    real: datetime,
    at: datetime,
    by: Actor = ANONYMOUS,
) -> Objection:
    """Keep somebody's objection to a listing; name and contact may be left out. The authority must decide it.

    `source` is the network address, kept as a keyed hash only, `real` real time: both for the rate limit. Refuses a
    notice that has ended (NoticeEnded), floods (TooManyObjections), and an objection without words (TextTooShort).
    """
    if len(text.strip()) < 10:
        raise TextTooShort(field="text")
    blind = crypto.blind(f"objection:{source}")
    if registry_notices.recent_objections_from(blind, since=real - timedelta(hours=1)) >= OBJECTIONS_PER_HOUR:
        raise limits.reached(OBJECTIONS, 3600, real=real, refusal=TooManyObjections)
    with transaction.atomic():
        notice = PublicNotice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise NotFound
        if not registry_notices.takes_objections(notice, at):
            raise NoticeEnded
        objection = Objection.objects.create(
            notice=notice,
            text=text.strip()[:5000],
            name=name.strip()[:60],
            contact=contact.strip()[:120] or None,
            filed_at=at,
            received_at=real,
            source=blind,
            state=OBJECTION.initial,
            state_since=at,
        )
        audit.note("objection.file", objection, by=by, at=at, policy=notice.policy)
    return objection


def decide_objection(*, objection_id: uuid.UUID, upheld: bool, reason: str, by: Actor, at: datetime) -> Objection:
    """Decide an objection with a reason that is published. Upheld: the notice ends and the commitment returns to the
    institution; dismissed: the notice goes on, and may end when its days are over.

    Refuses anybody but an officer of this very authority with a second factor, a decision without a reason, and an
    objection that is decided already (WrongState).
    """
    decision = reasons.require(reason, field="reason")
    current = registry_notices.objection_for_officer(by, objection_id)
    with transaction.atomic():
        row = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns())
        commitment = row.get(pk=current.notice.commitment_id)
        access.demand(by, rules.signs, scope=commitment.authority_code)
        notice = PublicNotice.objects.select_for_update().get(pk=current.notice_id)
        objection = Objection.objects.get(pk=objection_id)
        OBJECTION.move(
            objection,
            "uphold" if upheld else "dismiss",
            by=by,
            at=at,
            why=decision,
            policy=notice.policy,
            reason=decision,
            decided_by=access.account_of(by),
            decided_at=at,
        )
        if upheld and notice.ended_at is None:
            notice.ended_at, notice.ending = at, Ending.RETURNED
            notice.save(update_fields=["ended_at", "ending"])
            COMMITMENT.move(commitment, "return", by=by, at=at, why=decision, policy=notice.policy)
            notify_principals(commitment, "registry.returned", at=at, reason=decision)
    return objection


def _extended(notice: PublicNotice, at: datetime) -> bool:
    """Say whether a notice of a provisional last day runs on by the calendar that is known by now."""
    days = pack_queries.pack(notice.policy).clocks.notice_days
    return notice.provisional and calendar_queries.due_after(notice.posted_at, days).date >= legal_day(at)


def close_notices(*, at: datetime) -> int:
    """End every notice whose last day has passed with nothing open, each in its own transaction; return how many."""
    return sum(close_notice(notice_id=notice_id, at=at) for notice_id in registry_notices.notices_to_close(at))


def close_notice(*, notice_id: uuid.UUID, at: datetime) -> bool:
    """End one notice and ask for the upload to the ministry's system; return whether it could end.

    It cannot while its last day has not passed or an objection is open: an objection that came in meanwhile is seen,
    because whoever objects locks the notice too.
    """
    with transaction.atomic():
        notice = PublicNotice.objects.filter(pk=notice_id).first()
        if notice is None:
            raise NotFound
        rows = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns())
        commitment = rows.get(pk=notice.commitment_id)
        notice = PublicNotice.objects.select_for_update().get(pk=notice_id)
        waiting = Objection.objects.filter(notice=notice, state=ObjectionState.OPEN).exists()
        if notice.ended_at is not None or notice.due_on >= legal_day(at) or waiting or _extended(notice, at):
            return False
        notice.ended_at, notice.ending = at, Ending.CLEAR
        notice.save(update_fields=["ended_at", "ending"])
        COMMITMENT.move(commitment, "close_notice", by=SYSTEM, at=at, policy=notice.policy)
        Upload.objects.create(commitment=commitment, requested_at=at)
        request_upload(commitment_id=commitment.pk, at=at)
    return True
