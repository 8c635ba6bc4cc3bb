"""The register of personal data as register.toml holds it, and pure algorithms: terms, numbers, digests."""

import hashlib
import secrets
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from kernel.languages import localized

FILE = Path(__file__).parent / "register.toml"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept, by the register; `pack` names the policy's own figure, which counts where it is."""

    key: str
    term: str
    label: str
    label_en: str
    years: int
    days: int
    pack: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table with personal data: its name for people, who holds it, how long, and how somebody's rows are found.

    `people` maps "person:lookup" or "account:lookup" to the columns that are that person's to see.
    """

    label: str
    title: str
    title_en: str
    holder: str
    retention: str
    people: Mapping[str, Sequence[str]]
    untraced: str
    untraced_en: str


@dataclass(frozen=True, slots=True)
class PackageColumn:
    """A package's column that is personal."""

    purpose: str
    basis: str
    retention: str
    mask: str


@dataclass(frozen=True, slots=True)
class PlainColumns:
    """Columns that are not personal, and why."""

    reason: str
    reason_en: str
    columns: tuple[str, ...]
    fields: frozenset[str]

    def covers(self, name: str) -> bool:
        """Say whether the column "app.model.column" is covered."""
        return name in self.fields or any(fnmatchcase(name, pattern) for pattern in self.columns)


@dataclass(frozen=True, slots=True)
class Party:
    """Who handles or receives, in both languages."""

    who: str
    who_en: str
    rest: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return one of its words in the active language; "who" is the party itself."""
        if name == "who":
            return localized(self.who, self.who_en)
        return localized(self.rest[name], self.rest[f"{name}_en"])


@dataclass(frozen=True, slots=True)
class Register:
    """The whole register. Read once; a change is a new release of the platform."""

    settings: Mapping[str, int]
    handlers: Sequence[Party]
    recipients: Sequence[Party]
    terms: Mapping[str, Term]
    package_columns: Mapping[str, PackageColumn]
    words: Mapping[str, str]
    columns: Mapping[str, Sequence[str]]
    tables: Mapping[str, Table]
    plain: Sequence[PlainColumns]
    digest: str

    def term_of(self, text: str) -> Term | None:
        """Return the term that a declaration's retention names."""
        return next((term for term in self.terms.values() if term.term == text), None)

    def in_words(self, english: str) -> str:
        """Return a declaration's words in the active language."""
        return localized(self.words.get(english, english), english)

    def column(self, name: str) -> str:
        """Return what a column is called for people."""
        names = self.columns.get(name)
        return localized(names[0], names[1]) if names else name

    def reason_why_plain(self, name: str) -> PlainColumns | None:
        """Return why the column "app.model.column" is not personal, None where nobody said so."""
        return next((rule for rule in self.plain if rule.covers(name)), None)


@cache
def register() -> Register:
    """Return the register, read from its file."""
    raw = FILE.read_bytes()
    data = tomllib.loads(raw.decode())
    return Register(
        settings=data["settings"],
        handlers=[_party(p) for p in data["handlers"]],
        recipients=[_party(p) for p in data["recipients"]],
        terms={key: _term(key, t) for key, t in data["retention"].items()},
        package_columns={
            f["field"]: PackageColumn(f["purpose"], f["basis"], f["term"], f["mask"]) for f in data["foreign"]
        },
        words=data["words"],
        columns=data["columns"],
        tables={label: _table(label, t) for label, t in data["tables"].items()},
        plain=[_plain_columns(p) for p in data["plain"]],
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _party(entry: Mapping[str, str]) -> Party:
    return Party(entry["who"], entry["who_en"], {k: v for k, v in entry.items() if not k.startswith("who")})


def _term(key: str, entry: Mapping[str, Any]) -> Term:
    years, days = entry.get("years", 0), entry.get("days", 0)
    return Term(key, entry["term"], entry["label"], entry["label_en"], years, days, entry.get("pack", ""))


def _table(label: str, entry: Mapping[str, Any]) -> Table:
    people = entry.get("people", {})
    words = (entry.get("untraced", ""), entry.get("untraced_en", ""))
    return Table(label, entry["title"], entry["title_en"], entry["holder"], entry["retention"], people, *words)


def _plain_columns(entry: Mapping[str, Any]) -> PlainColumns:
    fields = set()
    for line in entry.get("fields", ()):
        table, _colon, columns = line.partition(": ")
        fields |= {f"{table}.{column}" for column in columns.split()}
    return PlainColumns(entry["reason"], entry["reason_en"], tuple(entry.get("columns", ())), frozenset(fields))


def before(at: datetime, *, years: int, days: int) -> datetime:
    """Return the moment `years` and `days` before `at`: what ended earlier has had its time.

    The 29th of February becomes the 28th, so that nothing is erased a day too early.
    """
    if years:
        try:
            at = at.replace(year=at.year - years)
        except ValueError:
            at = at.replace(year=at.year - years, day=28)
    return at - timedelta(days=days)


def years_later(day: date, years: int) -> date:
    """Return the same day `years` later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def digest_of(keys: Iterable[object]) -> str:
    """Return the SHA-256 over keys, in their order: which rows, but nothing of what stood in them."""
    return hashlib.sha256("\n".join(str(key) for key in keys).encode()).hexdigest()


def new_number(day: date) -> str:
    """Return a fresh number such as 2603-K7MQ2Z: year and month, then chance."""
    return f"{day:%y%m}-" + "".join(secrets.choice(LETTERS) for _place in range(6))
