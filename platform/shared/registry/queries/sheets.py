"""The commitment form as people see it: the pack's lines with what is declared, proven and found."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import F, Q
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.languages import enumeration
from shared.institutions.queries import organisations
from shared.policy.queries import packs as pack_queries
from shared.records import queries as record_queries

from .. import methods
from ..models.commitments import Commitment, Evidence, Submission
from ..models.verifications import Check
from ..states import Opinion


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that proves a line."""

    id: uuid.UUID
    name: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found on site for a line."""

    finding: str
    label: str | Promise
    remark: str
    photo: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line: what is asked, what is declared, what proves it, what was found."""

    key: str
    label: str
    kind: str
    unit: str
    minimum: int | None
    value: str
    display: str
    proofs: tuple[Proof, ...] = ()
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A group of lines."""

    key: str
    label: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class NamedChange:
    """One thing that changed between two versions, by its name on the form."""

    label: str
    before: str
    after: str


def display_value(line: Any, value: str) -> str:
    """Return a declared value as people read it: a number with its unit, yes or no in words, a date in their format."""
    if not value:
        return ""
    if line.kind == "yes-no":
        return _("Yes") if value == methods.YES else _("No")
    if line.kind == "date":
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    if line.kind == "number":
        try:
            number = formats.localize(Decimal(value), use_l10n=True)
        except InvalidOperation:
            return value
        return f"{number} {line.unit_label}".strip()
    return value


def proofs_of(commitment: Commitment, signed: Submission | None = None) -> dict[str, list[Proof]]:
    """Return the files that prove each line: now, or with a version as it was signed."""
    rows = Evidence.objects.filter(commitment=commitment).annotate(file_name=F("file__name"), sha256=F("file__sha256"))
    if signed is None:
        rows = rows.filter(removed_at=None)
    else:
        in_version = Q(removed_at=None) | Q(removed_at__gte=signed.signed_at)
        rows = rows.filter(in_version, added_at__lte=signed.signed_at)
    proofs: dict[str, list[Proof]] = {}
    for row in rows:
        url = record_queries.signed_path(row.file_id)
        proofs.setdefault(row.key, []).append(Proof(row.id, row.file_name, url, row.sha256))
    return proofs


def findings_of(commitment: Commitment, version: int) -> dict[str, Finding]:
    """Return what was found on site for each line of a version."""
    rows = Check.objects.filter(commitment=commitment, version=version)
    return {
        row.key: Finding(
            row.finding,
            Opinion(row.finding).label if row.finding else "",
            row.remark,
            record_queries.signed_path(row.picture_id) if row.picture_id else "",
        )
        for row in rows
    }


def checks_of(commitment: Commitment, version: int) -> dict[str, Any]:
    """Return what several inspectors write of a version, as pages carry it: finding and remark of each line, photo."""
    rows = {row.key: row for row in Check.objects.filter(commitment=commitment, version=version)}
    values: dict[str, Any] = {}
    for line in pack_queries.pack(commitment.policy).commitment.lines:
        row = rows.get(line.key)
        values[line.key] = [row.finding, row.remark] if row else ["", ""]
        values[f"{line.key}.photo"] = str(row.picture_id or "") if row else ""
    return values


def values_of(commitment: Commitment) -> dict[str, str]:
    """Return what the draft declares, by line."""
    return dict(commitment.lines.values_list("key", "value"))


def declared_of(commitment: Commitment) -> dict[str, Any]:
    """Return all that the draft declares and proves, as the page carries it on which it is signed."""
    values = values_of(commitment)
    proofs = proofs_of(commitment)
    declared: dict[str, Any] = {"positions": commitment.positions}
    for line in pack_queries.pack(commitment.policy).commitment.lines:
        declared[line.key] = values.get(line.key, "")
        declared[f"{line.key}{methods.FILES}"] = [str(proof.id) for proof in proofs.get(line.key, [])]
    return declared


def sheet(commitment: Commitment) -> tuple[SectionView, ...]:
    """Return the whole form of the commitment's own policy version as the institution has filled it in so far."""
    return _sheet(commitment, values_of(commitment), proofs_of(commitment), {})


def signed_sheet(commitment: Commitment, version: int, *, officer: bool = False) -> tuple[SectionView, ...]:
    """Return the form as it was signed in a version, whatever changed since; officers see proofs and findings."""
    signed = commitment.submissions.get(version=version)
    proofs = proofs_of(commitment, signed) if officer else {}
    findings = findings_of(commitment, version) if officer else {}
    return _sheet(commitment, signed.content.get("lines", {}), proofs, findings)


def _sheet(
    commitment: Commitment,
    values: Mapping[str, str],
    proofs: Mapping[str, list[Proof]],
    findings: Mapping[str, Finding],
) -> tuple[SectionView, ...]:
    pack = pack_queries.pack(commitment.policy)

    def view(line: Any) -> LineView:
        value = values.get(line.key, "")
        args = (line.key, line.label, line.kind, line.unit_label, line.minimum, value, display_value(line, value))
        return LineView(*args, tuple(proofs.get(line.key, ())), findings.get(line.key))

    return tuple(SectionView(s.key, s.label, tuple(view(line) for line in s.lines)) for s in pack.commitment.sections)


def content_of(commitment: Commitment) -> dict[str, Any]:
    """Return everything declared as it stands now: what a signature fixes. Personal names stay out of it."""
    organisation = organisations.organisation(commitment.organisation_id)
    proofs = proofs_of(commitment)
    return {
        "organisation": {
            "name": organisation.name,
            "credit_code": organisation.credit_code,
            "category": organisation.category,
            "division_code": organisation.division_code,
            "address": organisation.address,
        },
        "positions": list(commitment.positions),
        "lines": values_of(commitment),
        "evidence": {
            key: [{"name": p.name, "sha256": p.sha256} for p in files] for key, files in sorted(proofs.items())
        },
    }


def named_changes(commitment: Commitment, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[NamedChange]:
    """Return what changed between two signed contents, in the form's own words."""
    pack = pack_queries.pack(commitment.policy)
    lines = {line.key: line for line in pack.commitment.lines}
    positions = {p.key: p.label for p in pack.positions}
    facts = {
        "organisation.name": _("Name of the organisation"),
        "organisation.credit_code": _("Unified social credit code"),
        "organisation.category": _("Category"),
        "organisation.division_code": _("Division of the test site"),
        "organisation.address": _("Address"),
        "positions": _("Positions"),
    }

    def words(key: str, value: str) -> str:
        head, _dot, tail = key.partition(".")
        if key == "positions":
            return enumeration(positions.get(p, p) for p in value.split(", ") if p)
        return display_value(lines[tail], value) if head == "lines" and tail in lines else value

    def label(key: str) -> str:
        head, _dot, tail = key.partition(".")
        line = lines[tail].label if tail in lines else tail
        if head == "evidence":
            return _("Evidence: %(line)s") % {"line": line}
        return facts.get(key, line)

    return [NamedChange(label(c.key), words(c.key, c.before), words(c.key, c.after)) for c in methods.changes(old, new)]


def position_names(commitment: Commitment) -> list[str]:
    """Return the names of the positions that a commitment names now."""
    return _names(commitment, commitment.positions)


def signed_positions(commitment: Commitment, version: int) -> list[str]:
    """Return the names of the positions that were signed for in a version."""
    signed = commitment.submissions.get(version=version)
    return _names(commitment, signed.content.get("positions", []))


def _names(commitment: Commitment, keys: Sequence[str]) -> list[str]:
    names = {p.key: p.label for p in pack_queries.pack(commitment.policy).positions}
    return [names.get(key, key) for key in keys]
