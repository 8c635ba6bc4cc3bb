"""Files of people to be enrolled: looked through as they would be taken now, and what became of their rows."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from kernel import names, sheets, spreadsheets
from kernel.clock import legal_day
from kernel.errors import NotFound
from shared.identity.queries import people as people_queries
from shared.identity.queries.people import PersonValue
from shared.policy.queries import packs as pack_queries
from shared.policy.values.eligibility import Eligible
from shared.policy.values.pack import Pack
from shared.records import queries as record_queries
from tenants.courses.queries import catalogue

from ..methods import sheet
from ..models import Enrolment, Roster, RosterLine
from ..states import VOID, Outcome, RosterState

NEW, KNOWN, SAME, REFUSED, FAULTY = "new", "known", "same", "refused", "faulty"
"""What would become of a row: a new person, a known one, who applied already, who does not meet the conditions."""
ORDER = (FAULTY, REFUSED, NEW, KNOWN, SAME)


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A row of a file with what would become of it, and why not simply an application: `reasons`, each words in the
    language of whoever reads them.
    """

    row: sheets.Row
    outcome: str
    reasons: tuple[Any, ...] = ()

    @property
    def why(self) -> str:
        """Return in words why it is faulty or refused."""
        return " / ".join([*fault_words(self.row.faults), *map(str, self.reasons)])

    @property
    def label(self) -> str:
        """Return what would become of it, in words."""
        return {
            NEW: _("A new person applies"),
            KNOWN: _("Somebody known applies"),
            SAME: _("Has applied already"),
            REFUSED: _("Does not meet the conditions"),
            FAULTY: _("Cannot be right"),
        }[self.outcome]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file looked through: how many rows of each sort, the rows, those first that want a look; and the free seats."""

    counts: Mapping[str, int]
    rows: tuple[PreviewedRow, ...]
    free_seats: int

    @property
    def applying(self) -> int:
        """Return how many would apply and meet the conditions."""
        return self.counts.get(NEW, 0) + self.counts.get(KNOWN, 0)

    @property
    def short(self) -> int:
        """Return how many more would apply than seats are free."""
        return max(self.applying - self.free_seats, 0)


def rosters() -> QuerySet[Roster]:
    """Return the files that were brought, newest first."""
    return Roster.objects.select_related("training_class").order_by("-id")


def roster(roster_id: uuid.UUID, *, lock: bool = False) -> Roster:
    """Return a file that was brought, its row locked if asked; refuses (NotFound) an unknown one."""
    rows = Roster.objects.select_for_update() if lock else Roster.objects.select_related("training_class")
    row = rows.filter(pk=roster_id).first()
    if row is None:
        raise NotFound
    return row


def rows_of(row: Roster, at: datetime) -> list[sheets.Row]:
    """Return the rows of a file, read anew; refuses (NotFound) one that was taken away."""
    if row.file_id is None:
        raise NotFound
    return sheet.read(record_queries.content(row.file_id), pack_queries.pack_at(at), legal_day(at))


def preview(row: Roster, at: datetime) -> Preview:
    """Return what enrolling the rows of a file would do now."""
    training_class = catalogue.training_class(row.training_class_id)
    looked = look_through(rows_of(row, at), class_id=training_class.id, position=training_class.position, at=at)
    ordered = sorted(looked, key=lambda one: (ORDER.index(one.outcome), one.row.line))
    return Preview(Counter(one.outcome for one in looked), tuple(ordered), training_class.free_seats)


def look_through(rows: Sequence[sheets.Row], *, class_id: uuid.UUID, position: str, at: datetime) -> list[PreviewedRow]:
    """Return what would become of each row, in two queries however many."""
    sound = [row.values for row in rows if not row.faults]
    known = people_queries.persons_by_numbers((v["id_type"], v["id_number"]) for v in sound)
    applied = set(
        Enrolment.objects.filter(training_class_id=class_id, person_id__in={person.id for person in known.values()})
        .exclude(state__in=VOID)
        .values_list("person_id", flat=True)
    )
    pack = pack_queries.pack_at(at)
    return [_looked(row, known, applied, pack, position, at) for row in rows]


def _looked(
    row: sheets.Row,
    known: Mapping[tuple[str, str], PersonValue],
    applied: set[uuid.UUID],
    pack: Pack,
    position: str,
    at: datetime,
) -> PreviewedRow:
    if row.faults:
        return PreviewedRow(row, FAULTY)
    values = row.values
    person = known.get((values["id_type"], values["id_number"]))
    if person is not None and not names.same(person.name, values["name"]):
        return PreviewedRow(row, FAULTY, (gettext_lazy("This document number is known under another name."),))
    if person is not None and person.id in applied:
        return PreviewedRow(row, SAME)
    decision = pack_queries.eligibility_under(
        pack,
        position=position,
        education=values["education"],
        major=values["major_kind"],
        years=values["practice_years"],
        born=values["born"],
        sex=values["sex"],
        when=at,
    )
    if not isinstance(decision, Eligible):
        return PreviewedRow(row, REFUSED, tuple(decision.reasons))
    return PreviewedRow(row, NEW if person is None else KNOWN)


def fault_words(faults: Sequence[sheets.Fault]) -> list[str]:
    """Return what is wrong in a row, each with its column."""
    colon = pgettext("label and value", ": ")
    return [f"{fault.column}{fault.line} {fault.heading}{colon}{fault.why}" for fault in faults]


def lines(row: Roster) -> QuerySet[RosterLine]:
    """Return what became of the rows of a file, in their order."""
    return row.lines.select_related("enrolment")


def counts(row: Roster) -> dict[str, int]:
    """Return how many rows became what."""
    found = Counter(row.lines.values_list("outcome", flat=True))
    return {outcome: found.get(outcome, 0) for outcome in Outcome.values}


def why(line: RosterLine) -> str:
    """Return why a row was not taken, in the reader's language; "" where it was."""
    return str(line.words.get(get_language() or "", ""))


def words_of(line: RosterLine) -> str:
    """Return what became of a row and why, in the reader's language."""
    number = line.enrolment.number if line.enrolment is not None else ""
    return " / ".join(filter(None, [str(line.get_outcome_display()), number, why(line)]))


def report(row: Roster, at: datetime) -> bytes:
    """Return the file again as xlsx with a last column of words: what became of each row, or would become of it now."""
    columns = sheet.sheet_format(pack_queries.pack_at(at)).headings
    rows = rows_of(row, at)
    if row.state == RosterState.PREVIEWED:
        training_class = catalogue.training_class(row.training_class_id)
        looked = look_through(rows, class_id=training_class.id, position=training_class.position, at=at)
        words = {one.row.line: " / ".join(filter(None, [one.label, one.why])) for one in looked}
    else:
        words = {line.line: words_of(line) for line in lines(row)}
    return spreadsheets.xlsx_file(
        spreadsheets.Sheet([*columns, sheet.RESULT], [[*r.cells, words.get(r.line, "")] for r in rows])
    )
