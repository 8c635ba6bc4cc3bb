"""Public notices with their terms, objections and their decisions."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from shared.institutions.queries import organisations
from shared.policy.queries import authorities
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models.commitments import applicant_columns
from ..models.publicity import Objection, PublicNotice
from ..models.verifications import Verification
from ..states import Ending, ObjectionState


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in the public list."""

    id: uuid.UUID
    name: str
    division: str
    posted_at: datetime
    due_on: date
    days_left: int  # 0 of one that has ended: its clock is not counted any more
    provisional: bool
    open: bool
    ending: str


def _rows() -> QuerySet[PublicNotice]:
    return PublicNotice.objects.select_related("commitment").annotate(**applicant_columns("commitment__"))


def notice_rows(rows: Iterable[PublicNotice], at: datetime) -> list[NoticeRow]:
    """Return notices as the public list shows them, in two queries besides the notices' own.

    Working days are counted for those that run: what has ended has no clock, however many years ago it was.
    """
    notices = list(rows)
    days_left = calendar_queries.working_days_left_each(at, (row.due_on for row in notices if row.ended_at is None))
    divisions = {a.code: a.label for a in authorities.authorities()}
    return [
        NoticeRow(
            row.id,
            row.applicant_name,
            divisions.get(row.applicant_division_code, ""),
            row.posted_at,
            row.due_on,
            days_left.get(row.due_on, 0) if row.ended_at is None else 0,
            row.provisional,
            row.ended_at is None,
            str(Ending(row.ending).label) if row.ending else "",
        )
        for row in notices
    ]


def open_notices() -> QuerySet[PublicNotice]:
    """Return the notices that run, the one that ends first on top."""
    return _rows().filter(ended_at=None).order_by("due_on", "id")


def past_notices() -> QuerySet[PublicNotice]:
    """Return the notices that have ended, newest first."""
    return _rows().exclude(ended_at=None).order_by("-ended_at")


def notice(notice_id: uuid.UUID) -> PublicNotice:
    """Return a notice, open or ended; refuses (NotFound) an unknown one."""
    row = _rows().filter(pk=notice_id).first()
    if row is None:
        raise NotFound
    return row


def notice_clock(row: PublicNotice, at: datetime) -> calendar_queries.Term:
    """Return the clock of a notice (5 working days from posting, policy part 2.1)."""
    pack = pack_queries.pack(row.policy)
    rule = pack.source("clocks.notice_days").label
    stopped = str(Ending(row.ending).label) if row.ending else ""
    return calendar_queries.term(row.posted_at, pack.clocks.notice_days, now=at, rule=rule, stopped=stopped)


def takes_objections(row: PublicNotice, at: datetime) -> bool:
    """Say whether the public may still object: until the end of the last day."""
    return row.ended_at is None and legal_day(at) <= row.due_on


def decided_objections(row: PublicNotice) -> list[Objection]:
    """Return the objections to a notice that the authority has decided, with its reasons; open ones stay unseen."""
    return list(row.objections.exclude(state=ObjectionState.OPEN).order_by("decided_at"))


def notices_to_close(at: datetime) -> list[uuid.UUID]:
    """Return the notices whose last day has passed and against which nothing is open."""
    waiting = Objection.objects.filter(notice=OuterRef("pk"), state=ObjectionState.OPEN)
    rows = PublicNotice.objects.filter(ended_at=None, due_on__lt=legal_day(at)).exclude(Exists(waiting))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def verification_behind(row: PublicNotice) -> Verification:
    """Return the signed opinion on which a notice rests."""
    return row.commitment.verifications.get(version=row.version)


def objections_of(row: PublicNotice | None) -> QuerySet[Objection]:
    """Return all objections to a notice, oldest first. For officers: open ones are not public."""
    return Objection.objects.filter(notice=row).order_by("id") if row is not None else Objection.objects.none()


def _objections() -> QuerySet[Objection]:
    rows = Objection.objects.select_related("notice__commitment")
    return rows.annotate(**applicant_columns("notice__commitment__"))


def objections_open(by: Actor) -> QuerySet[Objection]:
    """Return the objections that wait for the very authorities of `by`, oldest first."""
    rows = _objections()
    mine = rules.signs.scopes(by)
    return rows.filter(state=ObjectionState.OPEN, notice__commitment__authority_code__in=mine).order_by(
        "filed_at", "id"
    )


def objection_for_officer(by: Actor, objection_id: uuid.UUID) -> Objection:
    """Return an objection within the offices of `by`; refuses (NotFound) others."""
    row = _objections().filter(pk=objection_id).first()
    if row is None or row.notice.commitment.authority_code not in organisations.jurisdiction(by):
        raise NotFound
    return row


def recent_objections_from(source: bytes, *, since: datetime) -> int:
    """Return how many objections came from one address since a real moment."""
    return Objection.objects.filter(source=source, received_at__gte=since).count()


def notices_to_recount(at: datetime) -> list[uuid.UUID]:
    """Return the public notices that do not end before today, in the order in which they are locked."""
    rows = PublicNotice.objects.filter(ended_at=None, due_on__gte=legal_day(at)).order_by("pk")
    return list(rows.values_list("pk", flat=True))
