"""Proposed ceilings: one officer of the province proposes, another looks at what it touches and decides."""

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound, Refusal
from kernel.money import Money
from shared.notices import operations as notices
from shared.policy.operations import caps
from shared.policy.queries import caps as cap_queries

from .. import rules
from ..models import CapProposal
from ..queries import caps as proposal_queries
from ..states import AUTHORS, CAP_PROPOSAL


class Backdated(Invalid):
    """A ceiling would begin, or end, before today."""

    code = "cap-backdated"
    message = _("This lies before today. Prices of past days stay as they were published; choose today or a later day.")


class OwnProposal(Refusal):
    """Four eyes: who proposed a ceiling does not decide on it."""

    code = "cap-own-proposal"
    status = 403
    message = _("You proposed this yourself. Another officer of the province looks at it and decides.")


def propose_cap(
    *,
    document_no: str,
    fee_item: str,
    unit: str,
    ceiling: Money | None,
    effective_from: date,
    by: Actor,
    at: datetime,
    position: str = "",
    decision_note: str = "",
    effective_to: date | None = None,
    demo: bool = False,
) -> uuid.UUID:
    """Propose a ceiling of the province, or that there is none; return its key. It holds once another approves it.

    Refuses what entering it would be refused, and a first or last day before today (Backdated).
    """
    place = settings.NUOXING_JURISDICTION
    access.demand(by, rules.enters_caps, scope=place)
    _refuse_past(effective_from, "effective_from", at)
    _refuse_past(effective_to, "effective_to", at)
    facts: dict[str, Any] = {
        "document_no": document_no,
        "fee_item": fee_item,
        "position": position,
        "unit": unit,
        "ceiling": ceiling,
        "decision_note": decision_note,
        "effective_from": effective_from,
        "effective_to": effective_to,
        "demo": demo,
    }
    with transaction.atomic():
        caps.check_cap(**facts, jurisdiction=place, at=at)
        return _propose(CapProposal(jurisdiction=place, **facts), by=by, at=at)


def propose_end(*, cap_id: uuid.UUID, last_day: date, why: str, by: Actor, at: datetime) -> uuid.UUID:
    """Propose the last day of a ceiling, for a reason; return the proposal's key.

    Refuses (NotFound) an unknown ceiling, (Backdated) a day before today, (CapCannotEnd) one at which it cannot end,
    and (ReasonRequired) no reason.
    """
    cap = cap_queries.cap(cap_id)
    place = settings.NUOXING_JURISDICTION
    access.demand(by, rules.enters_caps, scope=place)
    why = reasons.require(why, longest=300)
    _refuse_past(last_day, "last_day", at)
    if last_day < cap.effective_from or (cap.effective_to is not None and last_day >= cap.effective_to):
        first = max(legal_day(at), cap.effective_from)
        raise caps.CapCannotEnd(field="last_day", first=first.isoformat())
    row = CapProposal(
        jurisdiction=place,
        cap_id=cap.id,
        document_no=cap.document_no,
        fee_item=cap.fee_item,
        position=cap.position,
        unit=cap.unit,
        ceiling=cap.ceiling,
        effective_to=last_day,
        why=why,
    )
    with transaction.atomic():
        return _propose(row, by=by, at=at)


def _refuse_past(day: date | None, field: str, at: datetime) -> None:
    if day is not None and day < legal_day(at):
        raise Backdated(field=field)


def _propose(row: CapProposal, *, by: Actor, at: datetime) -> uuid.UUID:
    row.impact = proposal_queries.impact_of(row)
    row.proposed_by, row.proposed_name, row.proposed_at = access.account_of(by), by.name[:80], at
    row.state, row.state_since = CAP_PROPOSAL.initial, at
    row.save(force_insert=True)
    after = audit.values(row, "fee_item", "position", "unit", "ceiling", "effective_from", "effective_to")
    audit.note("lawbook.cap_propose", row, by=by, at=at, after=after, why=row.why)
    notices.send_officers(
        role=AUTHORS[0],
        scope=row.jurisdiction,
        accounts=(),
        exclude=row.proposed_by,
        template="lawbook.cap_proposed",
        context={"name": by.name, "url": f"/authority/caps/proposals/{row.pk}/"},
        key=f"cap_proposal:{row.pk}",
        at=at,
    )
    return row.pk


def decide_cap(*, proposal_id: uuid.UUID, approve: bool, why: str = "", by: Actor, at: datetime) -> None:
    """Approve a proposed ceiling, or its end, which then holds; or reject it with a reason. A second officer alone.

    Refuses who proposed it (OwnProposal), what is decided (WrongState), a rejection without its reason, and what is no
    longer possible: a first day that has passed meanwhile (Backdated), another ceiling in this period (CapOverlaps).
    """
    with transaction.atomic():
        row = _locked(proposal_id, by)
        if not rules.may_decide(by, row.jurisdiction, [row.proposed_by]):
            raise OwnProposal
        decided: dict[str, Any] = {"decided_by": access.account_of(by), "decided_name": by.name[:80]}
        if not approve:
            CAP_PROPOSAL.move(row, "reject", by=by, at=at, why=reasons.require(why), **decided)
            return
        _refuse_past(row.effective_from, "decision", at)
        _refuse_past(row.effective_to, "decision", at)
        made = _carry_out(row, by=by, at=at)
        CAP_PROPOSAL.move(row, "approve", by=by, at=at, why=why.strip(), made_id=made, **decided)


def _carry_out(row: CapProposal, *, by: Actor, at: datetime) -> uuid.UUID:
    both: dict[str, Any] = {"proposed_by": row.proposed_by, "by": by, "at": at}
    if row.cap_id is not None:
        assert row.effective_to is not None
        return caps.end_cap(cap_id=row.cap_id, last_day=row.effective_to, why=row.why, **both).id
    assert row.effective_from is not None
    return caps.enter_cap(
        document_no=row.document_no,
        fee_item=row.fee_item,
        position=row.position,
        unit=row.unit,
        ceiling=row.ceiling,
        decision_note=row.decision_note,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        demo=row.demo,
        jurisdiction=row.jurisdiction,
        **both,
    ).id


def withdraw_cap(*, proposal_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take one's own proposal back; refuses (Denied) another's, and (WrongState) what is decided."""
    with transaction.atomic():
        row = _locked(proposal_id, by)
        if row.proposed_by != by.account_id:
            raise access.Denied
        decided: dict[str, Any] = {"decided_by": access.account_of(by), "decided_name": by.name[:80]}
        CAP_PROPOSAL.move(row, "withdraw", by=by, at=at, **decided)


def _locked(proposal_id: uuid.UUID, by: Actor) -> CapProposal:
    row = CapProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if row is None:
        raise NotFound
    access.demand(by, rules.enters_caps, scope=row.jurisdiction)
    return row
