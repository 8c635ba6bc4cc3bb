"""The pack: everything legal at one moment, each value with the document and clause it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, PrivateAttr

from kernel.languages import in_english, localized

from .shapes.admission import Document, Eligibility, Position
from .shapes.base import Check, Day, Jurisdiction, Key, Misfit, Positive, Shape, Text, duplicates, misfit, unlisted
from .shapes.education import ContinuingEducation, Conversion
from .shapes.employers import Employers
from .shapes.institutions import Commitment, Fees, Institutions
from .shapes.oversight import CalendarRules, Clocks, Draw, Retention, Retirement, Sanctions, Stars
from .shapes.training import Certificates, Examination, Learning, Paper, Retest, Sitting
from .workdays import Holidays

PLATFORM_SETTING = "not-from-policy"

_NUMERALS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: a clause of a document, or nowhere (our own setting); and what a reader should know."""

    document: Document | None
    clause: str = ""
    note: str = ""
    note_en: str = ""
    demo: bool = False

    @property
    def remark(self) -> str:
        """Return the note in the active language."""
        return localized(self.note, self.note_en)

    @property
    def from_policy(self) -> bool:
        """Say whether the policy says it."""
        return self.document is not None

    @property
    def label(self) -> str:
        """Return the source in a few words of the active language: a document's number with 二（一）, or 本平台设定."""
        if self.document is None:
            return _("This platform's own setting")
        return f"{self.document.number} {self.clause_label}".strip()

    @property
    def clause_label(self) -> str:
        """Return the clause as people write it: "2.1" is 二（一） or 2(1), "annex-3" is 附件3 or annex 3."""
        chinese = not in_english()
        if self.clause.startswith("annex-"):
            return ("附件" if chinese else "annex ") + self.clause.removeprefix("annex-")
        part, dot, paragraph = self.clause.partition(".")
        if not chinese:
            return f"{part}({paragraph})" if dot else part
        return _chinese(part) + (f"（{_chinese(paragraph)}）" if dot else "")


def _chinese(number: str) -> str:
    return _NUMERALS[int(number)] if number.isdecimal() and len(number) == 1 else number


class Pack(Shape):
    """The law of a jurisdiction in one version. Immutable; made by `reading.pack_of` only, which keeps the sources."""

    format: Literal[2]
    id: Key
    revision: Positive
    jurisdiction: Jurisdiction
    name: Text
    name_en: Text
    effective_from: Day
    effective_to: Day | None = None
    documents: tuple[Document, ...] = Field(min_length=1)
    positions: tuple[Position, ...] = Field(min_length=1)
    eligibility: Eligibility
    retirement: Retirement | None = None
    clocks: Clocks
    calendar: CalendarRules
    institutions: Institutions
    commitment: Commitment
    employers: Employers | None = None
    fees: Fees
    learning: Learning
    test: Examination
    paper: Paper
    retest: Retest
    sitting: Sitting
    certificates: Certificates
    education: ContinuingEducation
    conversion: Conversion | None = None
    draw: Draw
    sanctions: Sanctions
    stars: Stars
    retention: Retention
    _sources: Mapping[str, Source] = PrivateAttr(default_factory=dict)

    @property
    def version(self) -> str:
        """Return the name under which decisions are stamped: its identifier and its revision."""
        return f"{self.id}@{self.revision}"

    @property
    def label(self) -> str:
        """Return the pack's name in the active language."""
        return localized(self.name, self.name_en)

    def position(self, key: str) -> Position:
        """Return a position; KeyError where there is none of that key."""
        return {p.key: p for p in self.positions}[key]

    def document(self, key: str) -> Document:
        """Return a document; KeyError where there is none of that key."""
        return {d.key: d for d in self.documents}[key]

    @property
    def as_plain(self) -> dict[str, Any]:
        """Return all values as JSON may hold them, without their sources."""
        return self.model_dump(mode="json")

    @property
    def certifiable(self) -> tuple[Position, ...]:
        """Return the positions that can be trained for and certified now."""
        return tuple(p for p in self.positions if p.certifiable)

    def hours(self, position: str) -> int:
        """Return the class hours of a position; KeyError for one that is not trained for."""
        return self.learning.hours[position]

    @property
    def holidays(self) -> Holidays:
        """Return the days off that the law names, for years without a published plan."""
        fixed = frozenset((int(text[:2]), int(text[3:])) for text in self.calendar.fixed_holidays)
        return Holidays(fixed, frozenset(self.calendar.dated_holidays), self.calendar.days_in_lieu)

    def source(self, path: str) -> Source:
        """Return where the value at `path` stands ("clocks.notice_days", "positions.CLY.name").

        What lies inside a value has that value's source, and a section the source that all its values share.
        LookupError where there is no such value, or no one source.
        """
        sources = self.sources_of(path)
        if len(sources) != 1:
            raise LookupError(f"{self.version} has no one source for {path}")
        return sources[0]

    def sources_of(self, path: str) -> list[Source]:
        """Return the source of the value at `path`, or all that are in the section of that path, each once in order."""
        steps = path.split(".")
        for length in range(len(steps), 0, -1):
            if (own_source := self._sources.get(".".join(steps[:length]))) is not None:
                return [own_source]
        return list(dict.fromkeys(source for name, source in self._sources.items() if name.startswith(f"{path}.")))

    def with_sources(self, sources: Mapping[str, Source]) -> Self:
        """Return this pack with the sources of its values."""
        pack = self.model_copy()
        pack._sources = MappingProxyType(dict(sources))
        return pack

    @property
    def sources(self) -> Mapping[str, Source]:
        """Return the source of every value by its path."""
        return self._sources

    def checks(self) -> tuple[Check, ...]:
        """What one section names, another one has."""
        return (
            lambda: duplicates(self.documents, "documents"),
            lambda: duplicates(self.positions, "positions"),
            self._earlier_names,
            self._period,
            self._admissions,
            self._hours,
            self._blueprints,
            self._document,
            self._ages,
            self._substitutes,
        )

    def _earlier_names(self) -> Iterator[Misfit]:
        """Yield the earlier names that two positions have: an old certificate would be of both."""
        owner: dict[str, str] = {}
        for number, position in enumerate(self.positions):
            for place, name in enumerate(position.legacy_names):
                if (other := owner.setdefault(name, position.key)) != position.key:
                    path = ("positions", number, "legacy_names", place)
                    yield misfit(f"legacy_names named twice: {name} is also an earlier name of {other}", *path)

    def _period(self) -> Iterator[Misfit]:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            yield misfit("effective_to lies before effective_from", "effective_to")

    def _admissions(self) -> Iterator[Misfit]:
        for number, position in enumerate(self.positions):
            yield from unlisted(position.admission, self.eligibility.admissions, "positions", number, "admission")

    def _hours(self) -> Iterator[Misfit]:
        certifiable = {p.key for p in self.certifiable}
        if missing := sorted(certifiable - self.learning.hours.keys()):
            yield misfit(f"names no hours for: {', '.join(missing)}", "learning", "hours")
        for key in self.learning.hours:
            if key not in certifiable:
                yield misfit(f"is no position that is certified: {key}", "learning", "hours", key)

    def _blueprints(self) -> Iterator[Misfit]:
        certifiable = {p.key for p in self.certifiable}
        for number, plan in enumerate(self.paper.blueprints):
            if plan.key not in certifiable:
                what = f"is no position that is certified: {plan.key}"
                yield misfit(what, "paper", "blueprints", number, "key")

    def _document(self) -> Iterator[Misfit]:
        if self.fees.document not in {d.key for d in self.documents}:
            yield misfit(f"names a document that is not listed: {self.fees.document}", "fees", "document")

    def _ages(self) -> Iterator[Misfit]:
        ceiling = self.eligibility.ceiling
        if ceiling.strategy != "statutory-retirement":
            return
        classes = {(c.sex, c.age) for c in (self.retirement.classes if self.retirement else ())}
        for sex, name in (("male", "men_under"), ("female", "women_under")):
            if (sex, getattr(ceiling, name)) not in classes:
                yield misfit("no class of [retirement] has this age", "eligibility", "ceiling", name)

    def _substitutes(self) -> Iterator[Misfit]:
        substitutes = self.conversion.substitutes if self.conversion else ()
        yield from duplicates(substitutes, "conversion", "substitutes")
        positions, groups = {p.key for p in self.positions}, {p.group for p in self.certifiable}
        for number, substitute in enumerate(substitutes):
            unknown = ({substitute.key} - positions) | (set(substitute.groups) - groups)
            if unknown:
                what = f"names unknown positions or groups: {', '.join(sorted(unknown))}"
                yield misfit(what, "conversion", "substitutes", number)
