"""Drafts of commitments: begun, filled in, proven by evidence (policy part 2.1, 承诺制)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts
from kernel.access import Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from shared.institutions.operations import standing
from shared.institutions.queries import organisations
from shared.institutions.states import Standing
from shared.policy.queries import packs as pack_queries
from shared.records import operations as records

from .. import methods, rules
from ..models.commitments import Commitment, Evidence, Line, applicant_columns
from ..queries import commitments, sheets
from ..states import COMMITMENT, Kind


class CommitmentInProgress(Refusal):
    """The organisation has a commitment under way."""

    code = "commitment-in-progress"
    message = _("This organisation has a commitment under way already.")


class NotEditable(Refusal):
    """The commitment is with the authority, or finished."""

    code = "not-editable"
    message = _("What was submitted cannot be changed now. If the authority returns it, you may correct it.")


class InvalidLineValue(Invalid):
    """A line holds what its kind cannot take."""

    code = "invalid-line-value"
    message = _("“%(line)s” does not take this value.")


class SelfCheckNotAllowed(Invalid):
    """The policy in force admits no institution by its own examination."""

    code = "self-check-not-allowed"
    message = _("Under the policy in force every institution is verified on site.")


def apply(
    *,
    name: str,
    credit_code: str,
    category: str,
    division_code: str,
    address: str,
    legal_rep: str,
    contact: str,
    mobile: str,
    kind: str = Kind.NEW,
    by: Actor,
    at: datetime,
) -> Commitment:
    """Register an organisation with `by` as its principal and begin its commitment form, in one transaction.

    An institution that trained before the policy says so (`kind`): its form is a self-check, and the authority confirms
    the earlier list on which it stood (`confirm_existing`). Refuses what `institutions.register_organisation` refuses,
    and (SelfCheckNotAllowed) where the policy lets no institution examine itself.
    """
    with transaction.atomic():
        organisation = standing.register_organisation(
            name=name,
            credit_code=credit_code,
            category=category,
            division_code=division_code,
            address=address,
            legal_rep=legal_rep,
            contact=contact,
            mobile=mobile,
            by=by,
            at=at,
        )
        return _begin(organisation.id, organisation.authority_code, Kind(kind), by=by, at=at)


def open_commitment(*, organisation_id: uuid.UUID, by: Actor, at: datetime) -> Commitment:
    """Begin a commitment for an organisation that has none under way and is not listed.

    Refuses (NotFound) whoever does not speak for it, and (CommitmentInProgress) where one is under way or it is listed.
    """
    if str(organisation_id) not in rules.applies.scopes(by):
        raise NotFound
    access.demand(by, rules.applies, scope=str(organisation_id))
    organisation = organisations.organisation(organisation_id)
    if organisation.state != Standing.REGISTERED:
        raise CommitmentInProgress(_("This organisation was listed before; its standing is the authority's to decide."))
    with transaction.atomic():
        return _begin(organisation_id, organisation.authority_code, Kind.NEW, by=by, at=at)


def _begin(organisation_id: uuid.UUID, authority_code: str, kind: Kind, *, by: Actor, at: datetime) -> Commitment:
    pack = pack_queries.pack_at(at)
    if kind == Kind.SELF_CHECK and not pack.institutions.existing_examine_themselves:
        raise SelfCheckNotAllowed(field="kind")
    row = Commitment(
        organisation_id=organisation_id,
        authority_code=authority_code,
        kind=kind,
        policy=pack.version,
        created_at=at,
        state=COMMITMENT.initial,
        state_since=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise CommitmentInProgress from None
    audit.note("commitment.open", row, by=by, at=at, after={"kind": kind}, policy=pack.version)
    return row


def for_editing(commitment_id: uuid.UUID, by: Actor) -> Commitment:
    """Return the locked row of a commitment that `by` may now change."""
    commitments.commitment_for_principal(by, commitment_id)
    row = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns()).get(pk=commitment_id)
    if not commitments.editable(row):
        raise NotEditable
    return row


def save_draft(
    *,
    commitment_id: uuid.UUID,
    values: Mapping[str, str],
    positions: Sequence[str],
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Commitment:
    """Keep what is declared so far; lines may still be empty. Lines that `values` does not name stay as they are.

    `made_from` are the stamps of what the page showed. Refuses others' commitments (NotFound), one that is not with the
    institution (NotEditable), unknown lines and positions, values that a line's kind cannot take (InvalidLineValue, at
    the line), and a line that somebody else changed too (ChangedMeanwhile).
    """
    with transaction.atomic():
        row = for_editing(commitment_id, by)
        pack = pack_queries.pack(row.policy)
        lines = {line.key: line for line in pack.commitment.lines}
        allowed = {p.key for p in pack.certifiable}
        for key in positions:
            if key not in allowed:
                raise InvalidLineValue(field="positions", line=key)
        cleaned = {}
        for key, value in values.items():
            if key not in lines:
                raise InvalidLineValue(field=key, line=key)
            cleaned[key] = _clean(lines[key].kind, value, key, lines[key].label)
        old = sheets.values_of(row)
        stored: dict[str, Any] = {key: old.get(key, "") for key in lines} | {"positions": row.positions}
        entered: dict[str, Any] = cleaned | {"positions": sorted(set(positions))}
        changed = conflicts.changes(seen=made_from, stored=stored, entered=entered)
        if not changed:
            return row
        for key in changed.keys() - {"positions"}:
            Line.objects.update_or_create(commitment=row, key=key, defaults={"value": changed[key]})
        before = {key: stored[key] for key in changed} | {"positions": row.positions}
        row.positions = changed.get("positions", row.positions)
        row.save(update_fields=["positions"])
        after = changed | {"positions": row.positions}
        audit.note("commitment.save", row, by=by, at=at, before=before, after=after, policy=row.policy)
    return row


def _clean(kind: str, value: str, key: str, label: str) -> str:
    """Return a line's value in the one form in which it is kept; empty stays empty."""
    text = value.strip()
    if not text:
        return ""
    try:
        if kind == "number":
            number = Decimal(text)
            if not number.is_finite() or not 0 <= number <= 10**9:
                raise InvalidLineValue(field=key, line=label)
            return f"{number.normalize():f}"
        if kind == "date":
            return date.fromisoformat(text).isoformat()
    except (InvalidOperation, ValueError):
        raise InvalidLineValue(field=key, line=label) from None
    if (kind == "yes-no" and text not in (methods.YES, methods.NO)) or len(text) > 500:
        raise InvalidLineValue(field=key, line=label)
    return text


def add_evidence(
    *, commitment_id: uuid.UUID, key: str, file: "UploadedFile[bytes] | bytes", name: str, by: Actor, at: datetime
) -> Evidence:
    """Keep a file that proves a line (PDF or image). Refuses what `save_draft` and `records.store_file` refuse."""
    with transaction.atomic():
        row = for_editing(commitment_id, by)
        if key not in {line.key for line in pack_queries.pack(row.policy).commitment.lines}:
            raise InvalidLineValue(field="key", line=key)
        stored = records.store_file(content=file, name=name, by=by, at=at, retention="life of the entry and 6 years")
        proof = Evidence.objects.create(commitment=row, key=key, file_id=stored.id, added_at=at)
        audit.note("commitment.evidence", row, by=by, at=at, after={"line": key, "sha256": stored.sha256})
    return proof


def remove_evidence(*, commitment_id: uuid.UUID, evidence_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a file out of the draft; versions that were signed with it keep it."""
    with transaction.atomic():
        row = for_editing(commitment_id, by)
        proof = Evidence.objects.filter(commitment=row, pk=evidence_id, removed_at=None).first()
        if proof is None:
            raise NotFound
        proof.removed_at = at
        proof.save(update_fields=["removed_at"])
        audit.note("commitment.evidence_removed", row, by=by, at=at, before={"line": proof.key})
