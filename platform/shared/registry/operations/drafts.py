"""What the institution does: begins, fills in, proves, signs and submits, withdraws (policy part 2.1, 承诺制)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SECOND_FACTOR, Actor, SecondFactorNeeded
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound, Refusal
from shared.institutions import operations as institutions
from shared.institutions import queries as organisations
from shared.institutions.states import Standing
from shared.policy import queries as policy
from shared.records import operations as records

from .. import methods, queries
from ..models import Commitment, Evidence, Line, PublicNotice, Submission
from ..states import COMMITMENT, Ending, Kind


class OneIsOpen(Refusal):
    """The organisation has a commitment under way."""

    code = "one-is-open"
    words = _("This organisation has a commitment under way already.")


class NotEditable(Refusal):
    """The commitment is with the authority, or finished."""

    code = "not-editable"
    words = _("What was submitted cannot be changed now. If the authority returns it, you may correct it.")


class BadValue(Invalid):
    """A line holds what its kind cannot take."""

    code = "bad-value"
    words = _("“%(line)s” does not take this value.")


class Incomplete(Invalid):
    """Lines are empty, or no position was chosen."""

    code = "incomplete"
    words = _("Still missing: %(what)s. Save the form complete, then sign.")


class NotMet(Invalid):
    """A line says that a condition is not met, so nothing can be committed to."""

    code = "not-met"
    words = _("This cannot be committed to as long as it is not met: %(what)s.")


class NotAccepted(Invalid):
    """Not every clause was accepted, or nobody signed."""

    code = "not-accepted"
    words = _("Accept every clause and sign with your name.")


class NotConfirmed(Refusal):
    """The authority has not confirmed that the institution existed before the policy."""

    code = "not-confirmed"
    words = _("The authority has not confirmed yet that you trained before the policy. You can save; sign afterwards.")


class TrainsOn(Refusal):
    """An institution that trains on by its earlier list owes its self-check."""

    code = "trains-on"
    words = _("You train on by the earlier list; the self-check cannot be withdrawn.")


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
    the earlier list on which it stood (`confirm_existing`). Refuses what `institutions.register_organisation` refuses.
    """
    with transaction.atomic():
        organisation = institutions.register_organisation(
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
        return _begin(organisation.pk, organisation.authority_code, Kind(kind), by=by, at=at)


def open_commitment(*, organisation_id: uuid.UUID, by: Actor, at: datetime) -> Commitment:
    """Begin a commitment for an organisation that has none under way and is not listed.

    Refuses (NotFound) whoever does not speak for it, and (OneIsOpen) where one is under way or it is listed.
    """
    if not by.has("principal", scope=str(organisation_id)):
        raise NotFound
    organisation = organisations.organisation(organisation_id)
    if organisation.state != Standing.REGISTERED:
        raise OneIsOpen(_("This organisation was listed before; its standing is the authority's to decide."))
    with transaction.atomic():
        return _begin(organisation_id, organisation.authority_code, Kind.NEW, by=by, at=at)


def _begin(organisation_id: uuid.UUID, authority_code: str, kind: Kind, *, by: Actor, at: datetime) -> Commitment:
    law = policy.pack_at(at)
    row = Commitment(
        organisation_id=organisation_id,
        authority_code=authority_code,
        kind=kind,
        policy=law.version,
        created_at=at,
        state=COMMITMENT.initial,
        state_since=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise OneIsOpen from None
    audit.note("commitment.open", row, by=by, at=at, after={"kind": kind}, policy=law.version)
    return row


def _editable(commitment_id: uuid.UUID, by: Actor) -> Commitment:
    """Return the locked row of a commitment that `by` may now change."""
    queries.commitment_for_principal(by, commitment_id)
    row = Commitment.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=commitment_id)
    if not queries.editable(row):
        raise NotEditable
    return row


def save_draft(
    *, commitment_id: uuid.UUID, values: Mapping[str, str], positions: Sequence[str], by: Actor, at: datetime
) -> Commitment:
    """Keep what is declared so far; lines may still be empty. Lines that `values` does not name stay as they are.

    Refuses others' commitments (NotFound), one that is not with the institution (NotEditable), unknown lines and
    positions, and values that a line's kind cannot take (BadValue, at the line).
    """
    with transaction.atomic():
        row = _editable(commitment_id, by)
        law = policy.pack(row.policy)
        lines = {line.key: line for line in law.commitment.lines}
        known = {p.key for p in law.certifiable}
        for key in positions:
            if key not in known:
                raise BadValue(field="positions", line=key)
        fresh = {}
        for key, value in values.items():
            if key not in lines:
                raise BadValue(field=key, line=key)
            fresh[key] = _clean(lines[key].kind, value, key, lines[key].label)
        old = queries.values_of(row)
        changed = [key for key, value in fresh.items() if old.get(key, "") != value]
        chosen = sorted(set(positions))
        if not changed and chosen == row.positions:
            return row
        for key in changed:
            Line.objects.update_or_create(commitment=row, key=key, defaults={"value": fresh[key]})
        before = {key: old.get(key, "") for key in changed} | {"positions": row.positions}
        row.positions = chosen
        row.save(update_fields=["positions"])
        after = {key: fresh[key] for key in changed} | {"positions": chosen}
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
                raise BadValue(field=key, line=label)
            return f"{number.normalize():f}"
        if kind == "date":
            return date.fromisoformat(text).isoformat()
    except (InvalidOperation, ValueError):
        raise BadValue(field=key, line=label) from None
    if (kind == "yes-no" and text not in (methods.YES, methods.NO)) or len(text) > 500:
        raise BadValue(field=key, line=label)
    return text


def add_evidence(
    *, commitment_id: uuid.UUID, key: str, file: "UploadedFile[bytes] | bytes", name: str, by: Actor, at: datetime
) -> Evidence:
    """Keep a file that proves a line (PDF or image). Refuses what `save_draft` and `records.store_file` refuse."""
    with transaction.atomic():
        row = _editable(commitment_id, by)
        if key not in {line.key for line in policy.pack(row.policy).commitment.lines}:
            raise BadValue(field="key", line=key)
        kept = records.store_file(content=file, name=name, by=by, at=at, retention="life of the entry and 6 years")
        proof = Evidence.objects.create(commitment=row, key=key, file=kept, added_at=at)
        audit.note("commitment.evidence", row, by=by, at=at, after={"line": key, "sha256": kept.sha256})
    return proof


def remove_evidence(*, commitment_id: uuid.UUID, evidence_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a file out of the draft; versions that were signed with it keep it."""
    with transaction.atomic():
        row = _editable(commitment_id, by)
        proof = Evidence.objects.filter(commitment=row, pk=evidence_id, removed_at=None).first()
        if proof is None:
            raise NotFound
        proof.removed_at = at
        proof.save(update_fields=["removed_at"])
        audit.note("commitment.evidence_removed", row, by=by, at=at, before={"line": proof.key})


def submit(
    *, commitment_id: uuid.UUID, accepted: Sequence[str], signed_name: str, by: Actor, at: datetime
) -> Submission:
    """Sign the commitment and hand it to the authority: a version is fixed, 10 working days begin (policy part 2.1).

    The day of submission is day 0. `accepted` names the clauses one by one. A self-check is signed in the same way and
    waits for nobody: with it the institution trains on. Refuses what is incomplete, not met or not accepted, a session
    without a second factor, a commitment that is not with the institution, and a self-check before the authority has
    confirmed that the institution existed (NotConfirmed).
    """
    if by.level < SECOND_FACTOR or by.account_id is None:
        raise SecondFactorNeeded
    with transaction.atomic():
        row = _editable(commitment_id, by)
        law = policy.pack(row.policy)
        _complete(row, law)
        clauses = {clause.key: clause.name for clause in law.commitment.clauses}
        if set(accepted) != set(clauses) or not signed_name.strip():
            raise NotAccepted(field="signed_name" if set(accepted) == set(clauses) else "accepted")
        if row.kind == Kind.SELF_CHECK:
            _examined(row, law, by=by, at=at)
            return _sign(row, list(clauses.values()), signed_name.strip(), by.account_id, at)
        organisation = row.organisation
        office = policy.authority_for(organisation.category, organisation.division_code, at)
        due = policy.due_after(legal_day(at), law.clocks.verification_days)
        COMMITMENT.move(
            row,
            "submit",
            by=by,
            at=at,
            policy=law.version,
            version=row.version + 1,
            submitted_at=at,
            authority_code=office.code,
            due_on=due.date,
            provisional=due.provisional,
        )
        return _sign(row, list(clauses.values()), signed_name.strip(), by.account_id, at)


def _examined(row: Commitment, law: policy.Pack, *, by: Actor, at: datetime) -> None:
    """Let an existing institution train on, which found itself to meet the conditions (policy part 2.1)."""
    if row.existing_since is None:
        raise NotConfirmed
    COMMITMENT.move(row, "self_check", by=by, at=at, policy=law.version, version=1, submitted_at=at)


def _sign(row: Commitment, text: list[str], name: str, account_id: uuid.UUID, at: datetime) -> Submission:
    """Fix what is declared as the commitment's newest version."""
    return Submission.objects.create(
        commitment=row,
        version=row.version,
        content=queries.content_of(row),
        text=text,
        signed_name=name,
        signed_by=account_id,
        signed_at=at,
        policy=row.policy,
    )


def _complete(row: Commitment, law: policy.Pack) -> None:
    values, lines = queries.values_of(row), law.commitment.lines
    names = {line.key: line.label for line in lines}
    if empty := methods.missing(lines, values):
        raise Incomplete(what="、".join(names[key] for key in empty))
    if not row.positions:
        raise Incomplete(what=str(_("the positions you train for")))
    if unmet := methods.unmet(lines, values):
        raise NotMet(what="、".join(names[key] for key in unmet))


def withdraw(*, commitment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Take a commitment back; a running public notice ends. A new one may be begun afterwards. Refuses (NotNow) once it
    is on its way to the ministry, and (TrainsOn) the self-check of an institution that trains."""
    queries.commitment_for_principal(by, commitment_id)
    with transaction.atomic():
        row = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment_id)
        if row.existing_since is not None:
            raise TrainsOn
        COMMITMENT.move(row, "withdraw", by=by, at=at, why=why.strip(), policy=row.policy)
        notices = PublicNotice.objects.filter(commitment=row, ended_at=None)
        notices.update(ended_at=at, ending=Ending.WITHDRAWN)
