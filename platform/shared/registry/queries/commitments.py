"""Commitments: who may see which, how long there is, where each stands, and what was signed."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, DateField, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import audit, states
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from shared.exchange.queries import messages as exchange_message_queries
from shared.exchange.states import MINISTRY
from shared.institutions.queries import organisations
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models.commitments import Applicant, Commitment, Submission, applicant_columns
from ..models.publicity import PublicNotice, Upload
from ..models.verifications import Verification
from ..states import COMMITMENT, EDITABLE, KIND_OF_MOVE, Kind, State
from .sheets import NamedChange, named_changes

# What a note says that is no move of the chart.
VERB_LABELS = {
    "commitment.open": _("Began the commitment form"),
    "commitment.save": _("Saved the draft"),
    "commitment.evidence": _("Added evidence"),
    "commitment.evidence_removed": _("Removed evidence"),
    "commitment.checked": _("Wrote down what was found on site"),
    "commitment.recounted": _("The last day was counted again by the calendar"),
    "commitment.confirm_existing": _("Confirmed that it trained before the policy"),
}
HIDDEN_VERBS = frozenset(
    {"commitment.save", "commitment.evidence", "commitment.evidence_removed", "commitment.checked"}
)

FAULT_MESSAGES = {
    "not-connected": _("The ministry's system is not connected here; the upload waits and nothing is lost."),
    "unreachable": _(
        "The ministry's system did not take it yet; it is tried again, ever later, and then a person is asked."
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way onto the list (components/steps.html)."""

    label: str | Promise
    place: str
    note: str = ""


def verifications_to_recount(at: datetime) -> list[uuid.UUID]:
    """Return the commitments whose verification is not due before today, in the order in which they are locked."""
    rows = Commitment.objects.filter(state=State.SUBMITTED, due_on__gte=legal_day(at)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _rows() -> QuerySet[Commitment]:
    return Commitment.objects.annotate(**applicant_columns())


def commitment_for_principal(by: Actor, commitment_id: uuid.UUID) -> Commitment:
    """Return a commitment of an organisation that `by` speaks for; refuses (NotFound) everybody else's."""
    row = _rows().filter(pk=commitment_id).first()
    if row is None or str(row.organisation_id) not in rules.applies.scopes(by):
        raise NotFound
    return row


def commitment_for_officer(by: Actor, commitment_id: uuid.UUID) -> Commitment:
    """Return a submitted commitment within the offices of `by`; refuses (NotFound) drafts and others' jurisdictions."""
    row = _rows().filter(pk=commitment_id, version__gt=0).first()
    if row is None or row.authority_code not in organisations.jurisdiction(by):
        raise NotFound
    return row


def self_check_for_officer(by: Actor, commitment_id: uuid.UUID) -> Commitment:
    """Return an existing institution's self-check within the offices of `by`, signed or not; refuses others."""
    row = _rows().filter(pk=commitment_id, kind=Kind.SELF_CHECK).first()
    if row is None or row.authority_code not in organisations.jurisdiction(by):
        raise NotFound
    return row


def to_confirm(by: Actor) -> QuerySet[Commitment]:
    """Return the institutions that say they trained before the policy, and wait for the very authorities of `by`."""
    mine = rules.signs.scopes(by)
    rows = _rows().filter(authority_code__in=mine, kind=Kind.SELF_CHECK, state=State.DRAFT, existing_since=None)
    return rows.order_by("id")


def commitments_of(by: Actor) -> QuerySet[Commitment]:
    """Return the commitments of all organisations that `by` speaks for, newest first."""
    return _rows().filter(organisation_id__in=organisation_ids(rules.applies.scopes(by))).order_by("-id")


def organisation_ids(scopes: frozenset[str]) -> list[uuid.UUID]:
    """Return the organisations that scopes name."""
    return [uuid.UUID(scope) for scope in scopes if scope]


def submitted_commitments(by: Actor) -> QuerySet[Commitment]:
    """Return the commitments ever submitted within the offices of `by`, newest first; and the self-checks of existing
    institutions from their beginning."""
    rows = _rows().filter(Q(version__gt=0) | Q(kind=Kind.SELF_CHECK), authority_code__in=organisations.jurisdiction(by))
    return rows.order_by("-created_at", "-id")


def to_verify(by: Actor) -> QuerySet[Commitment]:
    """Return what waits for verification by the very authorities of `by`, oldest clock first."""
    mine = rules.visits.scopes(by)
    return _rows().filter(authority_code__in=mine, state=State.SUBMITTED).order_by("due_on", "id")


_OVERDUE = Statement(
    lambda: Commitment.objects.filter(
        authority_code__any_of=Bind("covered", CharField(), many=True),
        state=State.SUBMITTED,
        due_on__lt=Bind("day", DateField()),
    )
)


def verifications_overdue(covered: Collection[str], at: datetime) -> Figure:
    """Return how many verifications the authorities `covered` have let lie beyond their last day, to be asked."""
    return _OVERDUE.count(covered=covered, day=legal_day(at))


def editable(commitment: Commitment) -> bool:
    """Say whether the institution may change what it declares."""
    return commitment.state in EDITABLE


def clock(commitment: Commitment, at: datetime) -> calendar_queries.Term | None:
    """Return the verification clock (10 working days from submission, policy part 2.1); None before a submission.

    It stands still once the opinion is signed. A self-check has none: nobody visits.
    """
    if commitment.submitted_at is None or commitment.kind == Kind.SELF_CHECK:
        return None
    pack = pack_queries.pack(commitment.policy)
    signed = commitment.verifications.filter(version=commitment.version).first()
    stopped = ""
    if signed is not None:
        stopped = str(_("Signed too late") if signed.late else _("Signed in time"))
    elif commitment.state != State.SUBMITTED:
        stopped = str(_("Stopped"))
    rule = pack.source("clocks.verification_days").label
    days = pack.clocks.verification_days
    return calendar_queries.term(commitment.submitted_at, days, now=at, rule=rule, stopped=stopped)


def steps(commitment: Commitment) -> list[Step]:
    """Return the way onto the list with where this commitment stands on it."""
    if commitment.kind == Kind.SELF_CHECK:
        return _steps_of_self_check(commitment)
    order = (State.DRAFT, State.SUBMITTED, State.NOTICE, State.UPLOADING, State.LISTED)
    labels = (
        _("Fill in and sign"),
        _("Verification on site"),
        _("Public notice"),
        _("The ministry's system"),
        _("On the list"),
    )
    earlier = {State.FALSE: State.DRAFT, State.RETURNED: State.DRAFT, State.RECEIPTED: State.UPLOADING}
    current = earlier.get(State(commitment.state), State(commitment.state))
    position = order.index(current) if current in order else -1
    passed = len(order) if current == State.LISTED else position

    def place(n: int) -> str:
        return "done" if n < passed else "now" if n == position else "next"

    return [Step(label, place(n)) for n, label in enumerate(labels)]


def _steps_of_self_check(commitment: Commitment) -> list[Step]:
    """Return the way of an existing institution: known to its authority, examined by itself, training on."""
    done = 3 if commitment.state == State.SELF_CHECKED else 1 if commitment.existing_since else 0
    labels = (
        _("Earlier list confirmed by the authority"),
        _("Self-check against the conditions"),
        _("Training goes on"),
    )
    return [Step(label, "done" if n < done else "now" if n == done else "next") for n, label in enumerate(labels)]


def life(commitment: Commitment, *, whole: bool = False) -> list[states.LifeStep]:
    """Return the life line: every move with who, when and why; `whole` shows each saving too."""
    notes = (note for note in audit.history(commitment) if whole or note.verb not in HIDDEN_VERBS)
    return [states.life_step(note, VERB_LABELS) for note in notes]


def next_moves(commitment: Commitment) -> list[states.Move]:
    """Return what may come next, for the faint part of the life line."""
    moves = COMMITMENT.next_moves(commitment)
    return [m for m in moves if KIND_OF_MOVE.get(m.name, commitment.kind) == commitment.kind]


@dataclass(frozen=True, slots=True)
class Version:
    """A signed version with what changed since the one before, and what was found."""

    submission: Submission
    changes: list[NamedChange]
    verification: Verification | None


def versions(commitment: Commitment) -> list[Version]:
    """Return all signed versions, newest first, each with its difference to the one before."""
    rows = list(commitment.submissions.order_by("version"))
    verifications = {v.version: v for v in commitment.verifications.all()}
    pairs = zip([None, *rows], rows, strict=False)
    result = [
        Version(new, named_changes(commitment, old.content, new.content) if old else [], verifications.get(new.version))
        for old, new in pairs
    ]
    return result[::-1]


def newest_notice(commitment: Commitment) -> PublicNotice | None:
    """Return the commitment's newest public notice, running or ended."""
    return commitment.public_notices.order_by("-version").first()


def organisation_facts(
    row: Applicant, organisation_id: uuid.UUID, at: datetime
) -> list[tuple[str | Promise, str | Promise]]:
    """Return what the public may know of the organisation behind a commitment or its notice."""
    applicant = organisations.OrganisationValue(
        id=organisation_id,
        name=row.applicant_name,
        credit_code=row.applicant_credit_code,
        category=row.applicant_category,
        division_code=row.applicant_division_code,
        authority_code=row.applicant_authority_code,
        address=row.applicant_address,
        state=row.applicant_state,
    )
    return organisations.facts(applicant, at)


def upload_of(commitment: Commitment) -> Upload | None:
    """Return the commitment's way into the ministry's system, None before its notice has ended."""
    return Upload.objects.filter(commitment=commitment).first()


def upload_to_show(commitment: Commitment) -> Upload:
    """Return the commitment's way into the ministry's system; refuses (NotFound) where its notice has not ended."""
    row = upload_of(commitment)
    if row is None:
        raise NotFound
    return row


def trouble(upload: Upload | None) -> str:
    """Return in words why an upload waits; nothing where it does not."""
    status = (
        exchange_message_queries.message_status(MINISTRY, "institution", str(upload.request_id))
        if upload is not None
        else None
    )
    return "" if status is None or not status.fault else str(fault_message(status.fault))


def fault_message(fault: str) -> Promise:
    """Return in words what a fault of the ledger means for an institution on its way to the list."""
    return FAULT_MESSAGES["not-connected" if fault == "not-connected" else "unreachable"]
