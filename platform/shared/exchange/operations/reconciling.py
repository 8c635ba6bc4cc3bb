"""Reconciliation: both sides' lists are compared line by line; a person settles what stays different."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kernel import access, audit, reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound

from .. import adapters, rules
from ..models.messages import Discrepancy, Message, Reconciliation
from ..queries import kinds
from ..queries import messages as exchange_message_queries
from ..states import DISCREPANCY, MESSAGE, Difference, DiscrepancyState, MessageState
from .messages import later_push

LIST_FAULTS = (KeyError, TypeError, ValueError, AttributeError)
UNREADABLE = (adapters.NotConnected, adapters.Unreachable, adapters.Unsure, *LIST_FAULTS)
"""A list that cannot be had or read keeps no other from being compared."""

FACTS = ("receipt_no", "certificates", "refused", "accepted")  # what both sides must say alike of an answer


def reconcile_all(*, at: datetime, real: datetime) -> int:
    """Compare the lists of every kind that goes out, each in its own transaction; return how many differ."""
    return sum(
        reconcile(system=kind.system, kind=kind.name, at=at, real=real)
        for kind in kinds.outbound_kinds()
        if adapters.address(kind.system)
    )


def reconcile(*, system: str, kind: str, at: datetime, real: datetime) -> int:
    """Compare both lists of one kind for the days of the settings; return how many differences are open then.

    What differed and agrees now is closed. A list that cannot be had is written down and changes nothing. Refuses
    (NotFound) a kind that does not go out.
    """
    message_kind = kinds.outbound_kind(system, kind)
    if message_kind is None:
        raise NotFound
    since = real - timedelta(days=settings.NUOXING_EXCHANGE_RECONCILE_DAYS)
    with transaction.atomic():
        row = Reconciliation(system=system, kind=kind, ran_at=real)
        try:
            theirs = {str(i["request_id"]): i for i in adapters.listing(system, message_kind.path, since=since, at=at)}
        except UNREADABLE as fault:
            row.fault = (f"{type(fault).__name__}: {fault}" if isinstance(fault, LIST_FAULTS) else str(fault))[:300]
            row.fault = row.fault or type(fault).__name__
            row.save()
            return 0
        open_count = _compare(system, kind, theirs, since=since, at=at)
        row.compared, row.differences = len(theirs), open_count
        row.save()
    return open_count


def _compare(system: str, kind: str, theirs: Mapping[str, Mapping[str, Any]], *, since: datetime, at: datetime) -> int:
    rows = {r.key: r for r in Message.objects.filter(system=system, kind=kind, real_at__gte=since)}
    older = Message.objects.filter(system=system, kind=kind, key__in=set(theirs) - set(rows))
    messages = rows | {r.key: r for r in older}
    differences: dict[tuple[str, str], tuple[Any, Any]] = {}
    for key, row in rows.items():
        # What was answered by another way without ever having been sent need not be there.
        if row.attempts and row.state in (MessageState.ACKNOWLEDGED, MessageState.SETTLED) and key not in theirs:
            differences[key, Difference.MISSING_THERE] = ({"state": row.state, "receipt": row.receipt}, {})
    for key, item in theirs.items():
        message = messages.get(key)
        if message is None:
            differences[key, Difference.MISSING_HERE] = ({}, dict(item))
        elif message.state == MessageState.SETTLED and (
            differing := _differing_facts(message.answer, item.get("answer") or {})
        ):
            differences[key, Difference.DIFFERENT] = differing
    _store(system, kind, differences, messages, at=at)
    return len(differences)


def _differing_facts(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return what both say differently of an answer, None where they agree on all that both say."""
    differing = [n for n in FACTS if n in ours and n in theirs and ours[n] != theirs[n]]
    return ({n: ours[n] for n in differing}, {n: theirs[n] for n in differing}) if differing else None


def _store(
    system: str,
    kind: str,
    differences: Mapping[tuple[str, str], tuple[Any, Any]],
    messages: Mapping[str, Message],
    *,
    at: datetime,
) -> None:
    open_ones = Discrepancy.objects.select_for_update().filter(system=system, kind=kind, state=DiscrepancyState.OPEN)
    open_rows = {(d.key, d.difference): d for d in open_ones.order_by("pk")}
    for identity, row in open_rows.items():
        if identity not in differences:
            resolution = _("Both lists agree again.")
            DISCREPANCY.move(row, "resolve", by=SYSTEM, at=at, why=resolution, resolution=resolution)
    for (key, difference), (ours, theirs) in differences.items():
        if (key, difference) in open_rows:
            continue
        row = Discrepancy(system=system, kind=kind, key=key, difference=difference, message=messages.get(key))
        row.ours, row.theirs, row.detected_at, row.state_since = ours, theirs, at, at
        row.save(force_insert=True)
        audit.note(
            "discrepancy.detect", row, by=SYSTEM, at=at, after=audit.values(row, "system", "kind", "key", "difference")
        )


def resolve(*, discrepancy_id: uuid.UUID, why: str, resend: bool, by: Actor, at: datetime, real: datetime) -> None:
    """Close a difference with a reason; `again` sends anew, under the same key, what is missing there.

    Refuses anybody but an operator with a second factor (Denied), and a missing reason (ReasonRequired).
    """
    access.demand(by, rules.operates)
    why = reasons.require(why)
    with transaction.atomic():
        row = Discrepancy.objects.filter(pk=discrepancy_id).first()
        if row is None:
            raise NotFound
        DISCREPANCY.move(row, "resolve", by=by, at=at, why=why, resolution=why[:300])
        message = Message.objects.select_for_update().filter(discrepancies=row).first()
        if (
            resend
            and message is not None
            and row.difference == Difference.MISSING_THERE
            and exchange_message_queries.repeatable(message)
        ):
            move = "lose" if message.state == MessageState.ACKNOWLEDGED else "resend"
            actor = SYSTEM if move == "lose" else by
            MESSAGE.move(message, move, by=actor, at=at, why=why, next_at=real)
            later_push(message, real=real)
