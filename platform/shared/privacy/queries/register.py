"""Register of personal data: what, why, on what ground, how long; generated from the fields' declarations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import ngettext

from kernel.fields import Personal
from kernel.languages import localized
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack

from .. import methods
from ..methods import Register, Table, Term

Column = "models.Field[Any, Any]"
PACKAGES = ("account", "mfa", "auth", "contenttypes")


@dataclass(frozen=True, slots=True)
class Holding:
    """One personal column as it is declared, in the active language."""

    name: str
    label: str
    purpose: str
    basis: str
    retention: str
    mask: str


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """One table with what it holds about people."""

    label: str
    title: str
    holder: str
    retention: str
    untraced: str
    holdings: Sequence[Holding]


@dataclass(frozen=True, slots=True)
class RetentionLimit:
    """How long a kind is kept at a moment: the policy's figure where there is one, else the register's."""

    years: int
    days: int
    source: str  # version of the pack, or of the register
    from_policy: bool


def register() -> Register:
    """Return the register of personal data."""
    return methods.register()


def registered_models() -> list[type[models.Model]]:
    """Return every table, ours and the packages'; views only show what tables hold."""
    ours = ("kernel", "shared", "tenants")
    return [m for m in apps.get_models() if m._meta.managed and (m.__module__.split(".")[0] in ours or _package(m))]


def _package(model: type[models.Model]) -> bool:
    return model._meta.app_label in PACKAGES


def declaration(field: Any) -> Personal | methods.PackageColumn | None:
    """Return how a column is declared personal: at the column itself, or in the register for a package's."""
    declared: Personal | None = getattr(field, "personal", None)
    return declared or register().package_columns.get(name_of(field))


def name_of(field: Any) -> str:
    """Return "app.model.column"."""
    return f"{field.model._meta.label_lower}.{field.name}"


def undeclared_columns() -> list[str]:
    """Return the columns that are neither declared personal nor said to be plain, and those that are both."""
    book = register()
    faults = []
    for model in registered_models():
        for field in model._meta.concrete_fields:
            name = name_of(field)
            personal, plain = declaration(field) is not None, any(name in rule.fields for rule in book.plain)
            if personal == plain and (personal or book.reason_why_plain(name) is None):
                faults.append(name)
    return faults


def holdings(at: datetime | None = None) -> list[PersonalTable]:
    """Return everything personal that is held, table by table in the register's order.

    With `at`, terms for which the policy then in force has its own figure say that one.
    """
    pack = _pack(at) if at is not None else None
    term_labels = {key: _term_label(term, pack) for key, term in register().terms.items()}
    return [_personal_table(table, term_labels) for table in register().tables.values() if _exists(table.label)]


def _term_label(term: Term, pack: Pack | None) -> str:
    """Return a term in words: the policy's own figure where it differs from the register's."""
    retention = _limit(term, pack)
    if retention.from_policy and (retention.years, retention.days) != (term.years, term.days):
        return f"{limit_label(retention)} ({retention.source})"
    return localized(term.label, term.label_en)


def _exists(label: str) -> bool:
    return label.split(".")[0] in apps.app_configs


def _personal_table(table: Table, term_labels: Mapping[str, str]) -> PersonalTable:
    model = apps.get_model(table.label)
    return PersonalTable(
        label=table.label,
        title=localized(table.title, table.title_en),
        holder=table.holder,
        retention=term_labels[table.retention],
        untraced=localized(table.untraced, table.untraced_en),
        holdings=list(_holdings(model, term_labels)),
    )


def _holdings(model: type[models.Model], term_labels: Mapping[str, str]) -> Iterator[Holding]:
    book = register()
    for field in model._meta.concrete_fields:
        declared = declaration(field)
        if declared is None:
            continue
        term = book.term_of(declared.retention)
        yield Holding(
            name=name_of(field),
            label=book.column(field.name),
            purpose=book.in_words(declared.purpose),
            basis=book.in_words(declared.basis),
            retention=term_labels[term.key] if term else declared.retention,
            mask=declared.mask,
        )


def limit(key: str, at: datetime) -> RetentionLimit:
    """Return how long a kind is kept at a moment, and by whose word."""
    return _limit(register().terms[key], _pack(at))


def _pack(at: datetime) -> Pack | None:
    try:
        return pack_queries.pack_at(at)
    except pack_queries.NoPolicy:
        return None


def _limit(term: Term, pack: Pack | None) -> RetentionLimit:
    if term.pack and pack is not None:
        try:
            period = pack.retention.kind(term.pack)
        except KeyError:
            pass
        else:
            return RetentionLimit(period.years, period.days, pack.version, True)
    return RetentionLimit(term.years, term.days, f"register:{register().digest[:12]}", False)


def setting(name: str) -> int:
    """Return one of the register's settings (days, hours, years, rows)."""
    return int(register().settings[name])


@dataclass(frozen=True, slots=True)
class PartyValue:
    """A handler or recipient, in the active language."""

    who: str
    what: str
    basis: str


def parties(which: str) -> list[PartyValue]:
    """Return the "handlers" (what is their role) or "recipients" (what they get, on what ground)."""
    book = register()
    if which == "handlers":
        return [PartyValue(p.text("who"), p.text("role"), "") for p in book.handlers]
    return [PartyValue(p.text("who"), p.text("what"), p.text("basis")) for p in book.recipients]


@dataclass(frozen=True, slots=True)
class PlainValue:
    """Columns that are not personal, and why."""

    reason: str
    columns: Sequence[str]


def plain_rules() -> list[PlainValue]:
    """Return every reason why columns are not personal, with the columns."""
    return [
        PlainValue(localized(rule.reason, rule.reason_en), [*rule.columns, *sorted(rule.fields)])
        for rule in register().plain
    ]


def limit_label(limit: RetentionLimit) -> str:
    """Return a term in words."""
    parts = []
    if limit.years:
        parts.append(ngettext("%(n)s year", "%(n)s years", limit.years) % {"n": limit.years})
    if limit.days or not limit.years:
        parts.append(ngettext("%(n)s day", "%(n)s days", limit.days) % {"n": limit.days})
    return " ".join(parts)


def day_after(day: date, limit: RetentionLimit) -> date:
    """Return the last day on which something that ended on `day` is kept."""
    return methods.years_later(day, limit.years) + timedelta(days=limit.days)
