"""Hours of a person, entry by entry, and the check of the ledger against the raw rows."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum, UUIDField
from django.utils.translation import gettext as _

from kernel.db.statements import Bind, Statement
from kernel.errors import NotFound

from .. import methods
from ..models import Attendance, Correction, Heartbeat, HourEntry, Participant
from ..states import CorrectionState, HourKind


@dataclass(frozen=True, slots=True)
class Progress:
    """A participant's progress, in seconds of valid learning and in class hours."""

    required_seconds: int
    credited_seconds: int
    seconds_per_class_hour: int

    @property
    def complete(self) -> bool:
        """Say whether all hours are there (policy part 1.2: all hours before the test)."""
        return self.credited_seconds >= self.required_seconds

    @property
    def required_hours(self) -> int:
        """Return the class hours required."""
        return self.required_seconds // self.seconds_per_class_hour

    @property
    def credited_hours(self) -> float:
        """Return the class hours credited, cut to one decimal so that 39.99 never reads 40."""
        return self.credited_seconds * 10 // self.seconds_per_class_hour / 10

    @property
    def percent(self) -> int:
        """Return the share credited, 0 to 100."""
        return min(100, max(0, self.credited_seconds * 100 // self.required_seconds))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry of the ledger (online time summed by day and lesson) as people read it."""

    day: date
    kind: str
    kind_label: str
    what: str
    seconds: int
    by_name: str
    why: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A raw row whose entry in the ledger is not what it is worth."""

    kind: str
    key: str
    in_ledger: int
    recomputed: int


_CREDITED: Statement[tuple[uuid.UUID, int, int, int | None]] = Statement(
    lambda: (
        Participant.objects.filter(enrolment_id__any_of=Bind("enrolments", UUIDField(), many=True))
        .annotate(credited=Sum("hours__seconds"))
        .values_list(
            "enrolment_id",
            "training_class__class_hours",
            "training_class__programme__seconds_per_class_hour",
            "credited",
        )
    )
)


def progress_of(enrolment_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """Return the progress of enrolments that hold or held a seat, by enrolment, in one query."""
    rows = _CREDITED.fetch(enrolments=enrolment_ids) if enrolment_ids else []
    return {key: Progress(hours * seconds, credited or 0, seconds) for key, hours, seconds, credited in rows}


def progress(enrolment_id: uuid.UUID) -> Progress:
    """Return how far an enrolment is; refuses (NotFound) one that never held a seat."""
    value = progress_of([enrolment_id]).get(enrolment_id)
    if value is None:
        raise NotFound
    return value


def lesson_seconds(participant_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Return the seconds credited online by lesson."""
    rows = HourEntry.objects.filter(participant_id=participant_id, kind=HourKind.ONLINE)
    return {key: total for key, total in rows.values_list("lesson_id").annotate(total=Sum("seconds")) if key}


def ledger(participant_id: uuid.UUID) -> list[LedgerLine]:
    """Return the ledger of a participant by day; heartbeats of a day and lesson make one line."""
    rows = HourEntry.objects.filter(participant_id=participant_id)
    online = rows.filter(kind=HourKind.ONLINE).values_list("day", "lesson__title").annotate(total=Sum("seconds"))
    lines = [
        LedgerLine(day, HourKind.ONLINE, str(HourKind.ONLINE.label), title or "", total, "", "")
        for day, title, total in online
    ]
    entered = rows.exclude(kind=HourKind.ONLINE).select_related("attendance", "correction")
    lines += [_entered(row) for row in entered]
    return sorted(lines, key=lambda line: (line.day, line.kind, line.what))


def _entered(row: HourEntry) -> LedgerLine:
    kind = HourKind(row.kind)
    if row.attendance is not None:
        return LedgerLine(row.day, kind, str(kind.label), "", row.seconds, row.attendance.by_name, row.attendance.why)
    assert row.correction is not None
    names = _("%(one)s, approved by %(two)s") % {
        "one": row.correction.proposed_name,
        "two": row.correction.decided_name,
    }
    return LedgerLine(row.day, kind, str(kind.label), "", row.seconds, names, row.correction.why)


def discrepancies(person_id: uuid.UUID) -> list[Discrepancy]:
    """Return every raw row of a person whose entry in the ledger is not what recomputing it gives, and every entry
    without a raw row's worth; an empty list says that the ledger is right."""
    entries: dict[tuple[str, str], int] = defaultdict(int)
    for row in HourEntry.objects.filter(person_id=person_id):
        source = row.heartbeat_id or row.attendance_id or row.correction_id
        entries[row.kind, str(source)] += row.seconds
    result = []
    for kind, raw, seconds in _recomputed(person_id):
        in_ledger = entries.pop((kind, raw), 0)
        if in_ledger != seconds:
            result.append(Discrepancy(kind, raw, in_ledger, seconds))
    result += [Discrepancy(kind, raw, seconds, 0) for (kind, raw), seconds in entries.items()]
    return result


def _recomputed(person_id: uuid.UUID) -> Iterator[tuple[str, str, int]]:
    raw = sorted(_raw(person_id), key=lambda entry: entry[0])
    labels = {id(row): (kind, key) for _received_at, kind, key, row in raw}
    for row, result in methods.recompute(row for _received_at, _kind, _key, row in raw):
        kind, key = labels[id(row)]
        yield kind, key, result.seconds


RawRow = tuple[datetime, str, str, methods.HeartbeatValue | methods.EnteredHours]


def _raw(person_id: uuid.UUID) -> Iterator[RawRow]:
    heartbeats = Heartbeat.objects.filter(person_id=person_id).select_related("session")
    for b in heartbeats:
        heartbeat = methods.HeartbeatValue(
            key=b.pk,
            session=b.session_id,
            began=b.session.began_at,
            participant=b.session.participant_id,
            lesson=b.session.lesson_id,
            at=b.at,
            claimed_seconds=b.claimed_seconds,
            longest=b.longest,
            lesson_seconds=b.lesson_seconds,
            day_seconds=b.day_seconds,
        )
        yield b.received_at, HourKind.ONLINE, str(b.pk), heartbeat
    for a in Attendance.objects.filter(participant__person_id=person_id):
        yield a.received_at, HourKind.ONSITE, str(a.pk), methods.EnteredHours(0, a.participant_id, a.day, a.seconds)
    decided = Correction.objects.filter(participant__person_id=person_id, state=CorrectionState.APPROVED)
    for c in decided:
        assert c.received_at is not None
        yield c.received_at, HourKind.CORRECTION, str(c.pk), methods.EnteredHours(0, c.participant_id, c.day, c.seconds)
