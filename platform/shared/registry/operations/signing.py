"""Signatures under commitments and self-checks, and withdrawals (policy part 2.1, 承诺制)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, conflicts, names, reasons
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid, Refusal
from kernel.languages import enumeration
from shared.policy.queries import authorities
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack

from .. import methods, rules
from ..models.commitments import Commitment, Submission
from ..models.publicity import PublicNotice
from ..queries import commitments, sheets
from ..states import COMMITMENT, Ending, Kind
from .drafts import for_editing


class Incomplete(Invalid):
    """Lines are empty, or no position was chosen."""

    code = "incomplete"
    message = _("Still missing: %(what)s. Save the form complete, then sign.")


class ConditionNotMet(Invalid):
    """A line says that a condition is not met, so nothing can be committed to."""

    code = "condition-not-met"
    message = _("This cannot be committed to as long as it is not met: %(what)s.")


class ClausesNotAccepted(Invalid):
    """Not every clause was accepted, or nobody signed."""

    code = "clauses-not-accepted"
    message = _("Accept every clause and sign with your name.")


class SignedInAnotherName(Invalid):
    """The signature is not the name of whoever is signed in."""

    code = "signed-in-another-name"
    message = _("Sign with your own name, as your account bears it: %(name)s. Nobody signs for somebody else.")


class ImpossibleNumber(Invalid):
    """A number of people or things is none that there can be: half a computer, no teacher."""

    code = "impossible-number"
    message = _("This cannot be: %(what)s. Enter whole numbers of people and things, and more than none.")


class ExistenceNotConfirmed(Refusal):
    """The authority has not confirmed that the institution existed before the policy."""

    code = "existence-not-confirmed"
    message = _(
        "The authority has not confirmed yet that you trained before the policy. You can save; sign afterwards."
    )


class SelfCheckOwed(Refusal):
    """An institution that trains on by its earlier list owes its self-check."""

    code = "self-check-owed"
    message = _("You train on by the earlier list; the self-check cannot be withdrawn.")


def submit(
    *,
    commitment_id: uuid.UUID,
    accepted: Sequence[str],
    signed_name: str,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Submission:
    """Sign the commitment and hand it to the authority: a version is fixed, 10 working days begin (policy part 2.1).

    The day of submission is day 0. `accepted` names the clauses one by one; `made_from` are the stamps of what the page
    showed: nobody signs what a colleague changed meanwhile (ChangedMeanwhile). A self-check is signed in the same way
    and waits for nobody: with it the institution trains on. Refuses what is incomplete, impossible, not met or not
    accepted, another name than that of whoever is signed in (SignedInAnotherName), a session without a second factor, a
    commitment that is not with the institution, and a self-check before the authority has confirmed that the
    institution existed (ExistenceNotConfirmed).
    """
    with transaction.atomic():
        row = for_editing(commitment_id, by)
        access.demand(by, rules.applies, scope=str(row.organisation_id))
        account = access.account_of(by)
        conflicts.require_unchanged(seen=made_from, stored=sheets.declared_of(row))
        pack = pack_queries.pack(row.policy)
        _check_complete(row, pack)
        clauses = {clause.key: clause.name for clause in pack.commitment.clauses}
        if set(accepted) != set(clauses) or not signed_name.strip():
            raise ClausesNotAccepted(field="signed_name" if set(accepted) == set(clauses) else "accepted")
        if not names.same(signed_name, by.name):
            raise SignedInAnotherName(field="signed_name", name=by.name)
        if row.kind == Kind.SELF_CHECK:
            _complete_self_check(row, pack, by=by, at=at)
            return _sign(row, list(clauses.values()), by.name.strip(), account, at)
        office = authorities.authority_for(row.applicant_category, row.applicant_division_code, at)
        due = calendar_queries.due_after(legal_day(at), pack.clocks.verification_days)
        COMMITMENT.move(
            row,
            "submit",
            by=by,
            at=at,
            policy=pack.version,
            version=row.version + 1,
            submitted_at=at,
            authority_code=office.code,
            due_on=due.date,
            provisional=due.provisional,
        )
        return _sign(row, list(clauses.values()), by.name.strip(), account, at)


def _complete_self_check(row: Commitment, pack: Pack, *, by: Actor, at: datetime) -> None:
    """Let an existing institution train on, which found itself to meet the conditions (policy part 2.1)."""
    if row.existing_since is None:
        raise ExistenceNotConfirmed
    COMMITMENT.move(row, "self_check", by=by, at=at, policy=pack.version, version=1, submitted_at=at)


def _sign(row: Commitment, text: list[str], name: str, account_id: uuid.UUID, at: datetime) -> Submission:
    """Fix what is declared as the commitment's newest version."""
    return Submission.objects.create(
        commitment=row,
        version=row.version,
        content=sheets.content_of(row),
        text=text,
        signed_name=name,
        signed_by=account_id,
        signed_at=at,
        policy=row.policy,
    )


def _check_complete(row: Commitment, pack: Pack) -> None:
    values, lines = sheets.values_of(row), pack.commitment.lines
    labels = {line.key: line.label for line in lines}
    if empty := methods.missing(lines, values):
        raise Incomplete(what=enumeration(labels[key] for key in empty))
    if not row.positions:
        raise Incomplete(what=str(_("the positions you train for")))
    if impossible := methods.impossible(lines, values):
        raise ImpossibleNumber(what=enumeration(labels[key] for key in impossible))
    if unmet := methods.unmet(lines, values):
        raise ConditionNotMet(what=enumeration(labels[key] for key in unmet))


def withdraw(*, commitment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Take a commitment back; a running public notice ends. A new one may be begun afterwards.

    Refuses (WrongState) once it is on its way to the ministry, and (SelfCheckOwed) the self-check of an institution
    that trains. Nobody else is touched, so a reason may be left out; one that is written says something
    (ReasonSaysNothing).
    """
    commitments.commitment_for_principal(by, commitment_id)
    why = reasons.require(why) if why.strip() else ""
    with transaction.atomic():
        row = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment_id)
        if row.existing_since is not None:
            raise SelfCheckOwed
        COMMITMENT.move(row, "withdraw", by=by, at=at, why=why, policy=row.policy)
        notices = PublicNotice.objects.filter(commitment=row, ended_at=None)
        notices.update(ended_at=at, ending=Ending.WITHDRAWN)
