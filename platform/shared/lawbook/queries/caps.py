"""Proposed ceilings, and whom a ceiling touches."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.hooks import Hook
from kernel.money import Money
from kernel.states import LifeStep, timeline

from .. import rules
from ..models import CapProposal
from ..states import CapProposalState


@dataclass(frozen=True, slots=True)
class CapChange:
    """What a proposal would change: the fee it is about, and the amount from which on prices are too high (None: the
    ceiling ends, and every price under it with it).
    """

    fee_item: str
    position: str
    unit: str
    ceiling: Money | None
    ends: uuid.UUID | None


LABELS: dict[str, str | Promise] = {
    "prices_above": _("Published prices above it"),
    "prices_under": _("Published prices under it"),
    "institutions": _("Institutions with such prices"),
}
"""What a ceiling touches, by the names that the hook's functions give."""
cap_impact: Hook[Callable[[CapChange], Iterator[tuple[str, int]]]] = Hook(
    "lawbook.cap_impact",
    "Is given a CapChange; yields what it touches, each by its name (LABELS), and how many.",
)
_EVENTS = {"lawbook.cap_propose": _("Proposed")}


def impact_of(row: CapProposal) -> dict[str, int]:
    """Return how many of each a proposal touches."""
    change = CapChange(row.fee_item, row.position, row.unit, row.ceiling, row.cap_id)
    return {name: count for function in cap_impact.functions() for name, count in function(change)}


def impact_to_show(row: CapProposal) -> list[tuple[str | Promise, int]]:
    """Return what a proposal touched when it was made, in words."""
    return [(LABELS[name], count) for name, count in row.impact.items()]


def proposal(proposal_id: uuid.UUID) -> CapProposal:
    """Return one proposal; refuses (NotFound) an unknown one."""
    row = CapProposal.objects.filter(pk=proposal_id).first()
    if row is None:
        raise NotFound
    return row


def waiting() -> list[CapProposal]:
    """Return the proposals that wait for a second officer, newest first."""
    return list(CapProposal.objects.filter(state=CapProposalState.PROPOSED))


_WAITING = Statement(
    lambda: CapProposal.objects.filter(
        state=CapProposalState.PROPOSED, jurisdiction__any_of=Bind("provinces", CharField(), many=True)
    ).order_by("proposed_at")
)


def signs_of_proposals(by: Actor, at: datetime) -> list[Figure]:
    """Return what to ask before `proposals_to_decide`: whether any ceiling of the officer's province waits."""
    provinces = rules.enters_caps.scopes(by)
    return [_WAITING.exists(provinces=list(provinces))] if provinces else []


def proposals_to_decide(by: Actor) -> list[CapProposal]:
    """Return the proposed ceilings that wait for this officer, who proposed none of them; the oldest first."""
    provinces = rules.enters_caps.scopes(by)
    rows = _WAITING.fetch(provinces=list(provinces)) if provinces else []
    return [row for row in rows if row.proposed_by != by.account_id]


def life(row: CapProposal) -> list[LifeStep]:
    """Return what happened to a proposal, oldest first."""
    return timeline(row, _EVENTS)
