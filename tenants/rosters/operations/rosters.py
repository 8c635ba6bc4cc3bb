"""Files of people to be enrolled in a class (policy part 1.1, on site): looked through, then enrolled by a task.

Each row is an application as at the counter, decided by the same matrix, and one that was decided before is never
touched: the same file again changes nothing. Some rows at a time are one transaction, so that a worker that dies takes
back the rows at hand alone, and whoever waits sees how far it is.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.later import later
from kernel.sheets import Unreadable
from shared.exchange.operations.arrivals import in_all_languages, refusal_outcome
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import actors as actor_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from shared.policy.queries import packs as pack_queries
from shared.records import operations as records
from tenants.courses.queries import catalogue

from .. import rules
from ..methods import sheet
from ..models import Roster, RosterLine
from ..queries import rosters as roster_queries
from ..queries.rosters import PreviewedRow
from ..states import ROSTER, Channel, EnrolmentState, Outcome, RosterState
from .applications import AlreadyApplied, apply, enrolment_refusal
from .counter import register_walk_in

AT_ONCE = 100
"""Rows that are enrolled in one transaction."""
FILE_STAYS = timedelta(days=30)
RETENTION = "30 days, for questions about what was enrolled"
DECLARED = ("education", "major_kind", "practice_years")
PERSON = ("name", "id_type", "id_number", "mobile", "born", "sex")


class NoticeNotSigned(Refusal):
    """Nobody is made known who has not signed the privacy notice."""

    code = "notice-not-signed"
    status = 422
    message = _("Confirm that each of them has signed the privacy notice and that you have seen their documents.")


def upload_roster(*, class_id: uuid.UUID, content: "UploadedFile[Any]", by: Actor, at: datetime) -> Roster:
    """Store a file of people to be enrolled in a class; nobody is enrolled yet. It is taken away after thirty days.

    Refuses anybody but the desk (Denied), a class that takes nobody (as `apply` does), and a file that cannot be read
    (Unreadable, FileRefused).
    """
    access.demand(by, rules.desk)
    training_class = catalogue.training_class(class_id)
    if (refusal := enrolment_refusal(training_class, at)) is not None:
        raise refusal
    raw, name = content.read(), str(content.name)
    if not raw:
        raise Unreadable(_("The file is empty."), field="file")
    rows = sheet.read(raw, pack_queries.pack_at(at), clock.legal_day(at))
    with transaction.atomic():
        file = records.store_file(content=raw, name=name, by=by, at=at, kinds=("sheet",), retention=RETENTION)
        row = Roster(training_class_id=class_id, file_id=file.id, name=name[:200])
        row.rows, row.faulty = len(rows), sum(bool(r.faults) for r in rows)
        row.uploaded_at, row.uploaded_by, row.state_since = at, access.account_of(by), at
        row.save(force_insert=True)
        audit.note("roster.upload", row, by=by, at=at, after=audit.values(row, "name", "rows", "faulty"))
        later("rosters.drop_roster", not_before=clock.real_now() + FILE_STAYS, roster_id=str(row.pk))
    return row


def take_roster(*, roster_id: uuid.UUID, signed: bool, leave_out: bool, by: Actor, at: datetime) -> None:
    """Let the rows of a file be enrolled, by a task, in the name of who says so.

    `signed`: each of the people has signed the privacy notice; else (NoticeNotSigned). With `leave_out` nobody applies
    who does not meet the conditions, else they apply and are refused with every reason, as at the counter. Refuses
    anybody but the desk (Denied), a class that takes nobody, and a file that was enrolled or dropped (WrongState).
    """
    access.demand(by, rules.desk)
    if not signed:
        raise NoticeNotSigned(field="signed")
    with transaction.atomic():
        row = roster_queries.roster(roster_id, lock=True)
        ROSTER.require(row, "take")
        if (refusal := enrolment_refusal(catalogue.training_class(row.training_class_id), at)) is not None:
            raise refusal
        account = access.account_of(by)
        ROSTER.move(row, "take", by=by, at=at, locked=True, taken_by=account, leaves_refused_out=leave_out)
        later("rosters.enrol_rows", roster_id=str(row.pk))


def drop_roster(*, roster_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a file away without enrolling anybody. Refuses anybody but the desk, and one that was enrolled."""
    access.demand(by, rules.desk)
    with transaction.atomic():
        row = roster_queries.roster(roster_id, lock=True)
        ROSTER.move(row, "drop", by=by, at=at, locked=True)
        _erase(row, at)


def expire_roster(*, roster_id: uuid.UUID, at: datetime) -> None:
    """Take away a file whose days are over; what became of its rows stays. One that is being enrolled has its time."""
    with transaction.atomic():
        row = roster_queries.roster(roster_id, lock=True)
        if row.state == RosterState.TAKING:
            later("rosters.drop_roster", not_before=clock.real_now() + timedelta(days=1), roster_id=str(row.pk))
            return
        if row.state == RosterState.PREVIEWED:
            ROSTER.move(row, "drop", by=SYSTEM, at=at, locked=True)
        _erase(row, at)


def _erase(row: Roster, at: datetime) -> None:
    if row.file_id is None:
        return
    records.erase_file(file_id=row.file_id, by=SYSTEM, at=at, why="its days are over, or it was dropped")
    row.file_id, row.name = None, ""
    row.save(update_fields=["file_id", "name"])


def enrol_rows(*, roster_id: uuid.UUID, at: datetime) -> int:
    """Enrol the next rows of a file, in the name of who took it, and ask for those after them; return how many.

    Asked again is whether that account still has the desk's role and the class still takes people: where not, the file
    lies there as before it was taken, with what was done.
    """
    with transaction.atomic():
        row = roster_queries.roster(roster_id, lock=True)
        if row.state != RosterState.TAKING or row.taken_by is None:
            return 0
        training_class = catalogue.training_class(row.training_class_id)
        try:
            by = actor_queries.acting(row.taken_by, at)
            access.demand(by, rules.desk)
            if (refusal := enrolment_refusal(training_class, at)) is not None:
                raise refusal
            rows = roster_queries.rows_of(row, at)
        except Refusal as refusal:
            _stop(row, refusal, at)
            return 0
        batch = rows[row.done : row.done + AT_ONCE]
        looked = roster_queries.look_through(batch, class_id=training_class.id, position=training_class.position, at=at)
        known = set(row.lines.values_list("line", flat=True))
        lines = [_enrol(row, one, by=by, at=at) for one in looked if one.row.line not in known]
        RosterLine.objects.bulk_create(lines)
        row.done = min(row.done + len(batch), row.rows)
        row.save(update_fields=["done"])
        if row.done < row.rows:
            later("rosters.enrol_rows", roster_id=str(row.pk))
        else:
            _finish(row, by, at)
    return len(batch)


def _stop(row: Roster, refusal: Refusal, at: datetime) -> None:
    """Put a file back; whoever takes it again goes on where it stopped."""
    with translation.override("zh-hans"):
        ROSTER.move(row, "stop", by=SYSTEM, at=at, locked=True, why=str(refusal)[:300])
    _tell(row, "roster_stopped", at)


def _finish(row: Roster, by: Actor, at: datetime) -> None:
    ROSTER.move(row, "finish", by=SYSTEM, at=at, locked=True)
    _tell(row, "roster_taken", at)


def _tell(row: Roster, what: str, at: datetime) -> None:
    """Tell who took a file how it went."""
    try:
        account = account_queries.account(row.taken_by) if row.taken_by else None
    except NotFound:
        return
    if account is None:
        return
    counts = roster_queries.counts(row)
    done = counts[Outcome.ELIGIBLE] + counts[Outcome.REFUSED]
    context = {
        "file": row.name,
        "done": done,
        "same": counts[Outcome.SAME],
        "left": counts[Outcome.LEFT_OUT] + counts[Outcome.FAULTY],
        "url": institution_listing_queries.address_here(f"/staff/rosters/{row.pk}/"),
    }
    key = f"{what}:{row.pk}:{row.done}"
    notices.send(to=account, template=f"rosters.{what}", context=context, at=at, channels=(notices.IN_APP,), key=key)


def _enrol(row: Roster, one: PreviewedRow, *, by: Actor, at: datetime) -> RosterLine:
    """Enrol one row; what refuses it is written down, and nothing of it is kept."""
    line = RosterLine(roster=row, line=one.row.line)
    match one.outcome:
        case roster_queries.FAULTY:
            line.outcome, line.words = Outcome.FAULTY, _words(one)
        case roster_queries.SAME:
            line.outcome = Outcome.SAME
        case roster_queries.REFUSED if row.leaves_refused_out:
            line.outcome, line.words = Outcome.LEFT_OUT, _words(one)
        case _:
            _apply(line, row, one.row.values, by=by, at=at)
    return line


def _words(one: PreviewedRow) -> dict[str, str]:
    """Return why a row was not taken, in every language of the platform."""
    return in_all_languages(lazy(lambda: one.why, str)())


def _apply(line: RosterLine, row: Roster, values: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            person_id = register_walk_in(**{name: values[name] for name in PERSON}, by=by, at=at)
            enrolment = apply(
                class_id=row.training_class_id,
                person_id=person_id,
                **{name: values[name] for name in DECLARED},
                channel=Channel.COUNTER,
                by=by,
                at=at,
            )
    except AlreadyApplied:
        line.outcome = Outcome.SAME
    except Refusal as refusal:
        line.outcome, line.words = Outcome.FAULTY, dict(refusal_outcome(refusal).words)
    else:
        line.enrolment = enrolment
        line.outcome = Outcome.REFUSED if enrolment.state == EnrolmentState.REFUSED else Outcome.ELIGIBLE
