"""Enter ceilings, end them, and mark those that are over."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from kernel.money import Money

from .. import rules
from ..models import FeeCap
from ..queries import caps as cap_queries
from ..queries import packs as pack_queries
from ..states import PROVINCE, CapKind, Unit
from ..values.pack import Pack


class CapOverlaps(Refusal):
    """Another ceiling holds for the same thing in this period."""

    code = "cap-overlaps"
    message = _("%(document)s already sets this from %(start)s. End it before the new ceiling begins.")


class DecisionNeeded(Invalid):
    """No ceiling is a decision, and a decision says who decided what."""

    code = "decision-needed"
    message = _("Where no ceiling is set, say which decision says so.")


class SecondOfficerNeeded(Refusal):
    """A ceiling of the whole province is no one person's act."""

    code = "second-officer-needed"
    status = 403
    message = _("A ceiling is proposed by one officer of the province and decided on by another.")


class CapCannotEnd(Refusal):
    """A ceiling ends yesterday at the earliest, after it began, and not later than it would anyway."""

    code = "cap-cannot-end"
    message = _("A ceiling may end on %(first)s at the earliest, and not after it ends already.")


def enter_cap(
    *,
    document_no: str,
    fee_item: str,
    unit: str,
    ceiling: Money | None,
    effective_from: date,
    proposed_by: uuid.UUID | None,
    by: Actor,
    at: datetime,
    position: str = "",
    decision_note: str = "",
    effective_to: date | None = None,
    demo: bool = False,
    jurisdiction: str | None = None,
) -> cap_queries.FeeCapValue:
    """Enter what may be asked at most for a fee item (of one position, or "" for every one), or with `ceiling` None the
    decision that there is no ceiling. One account proposed it, another (`by`) decides.

    Refuses who is not an officer of the province, one person alone (SecondOfficerNeeded), an item, unit or position
    that the pack does not know, a decision without its note, an end before the beginning, and a period in which another
    ceiling holds for the same thing.
    """
    row = FeeCap(
        jurisdiction=jurisdiction or settings.NUOXING_JURISDICTION,
        document_no=document_no,
        fee_item=fee_item,
        position=position,
        unit=unit,
        kind=CapKind.UNCAPPED_DECISION if ceiling is None else CapKind.CAPPED,
        ceiling=ceiling,
        decision_note=decision_note,
        effective_from=effective_from,
        effective_to=effective_to,
        in_force=effective_to is None or effective_to >= legal_day(at),
        demo=demo,
        entered_at=at,
        entered_by=by.account_id,
    )
    access.demand(by, rules.enters_caps, scope=row.jurisdiction)
    _require_two(proposed_by, by)
    pack = pack_queries.pack_at(at, row.jurisdiction)
    _refuse_unknown(row, pack)
    _refuse_impossible(row)
    with transaction.atomic():
        _insert(row)
        after = _cap_values(row) | {"proposed_by": str(proposed_by)}
        audit.note("policy.cap", row, by=by, at=at, after=after, policy=pack.version, acting_as=_acting(by))
    return cap_queries.cap(row.pk)


def _require_two(proposed_by: uuid.UUID | None, by: Actor) -> None:
    """Refuse (SecondOfficerNeeded) a ceiling, or its end, that nobody proposed, or whoever decides."""
    if proposed_by is None or proposed_by == by.account_id:
        raise SecondOfficerNeeded


def check_cap(
    *,
    document_no: str,
    fee_item: str,
    unit: str,
    ceiling: Money | None,
    effective_from: date,
    position: str,
    decision_note: str,
    effective_to: date | None,
    demo: bool,
    jurisdiction: str,
    at: datetime,
) -> None:
    """Refuse what `enter_cap` would refuse of a ceiling, and write nothing."""
    row = FeeCap(
        jurisdiction=jurisdiction,
        document_no=document_no,
        fee_item=fee_item,
        position=position,
        unit=unit,
        ceiling=ceiling,
        decision_note=decision_note,
        effective_from=effective_from,
        effective_to=effective_to,
        demo=demo,
    )
    _refuse_unknown(row, pack_queries.pack_at(at, jurisdiction))
    _refuse_impossible(row)
    _refuse_overlap(row)


def _refuse_unknown(row: FeeCap, pack: Pack) -> None:
    items = {item.key: item for item in pack.fees.items}
    if row.fee_item not in items:
        raise pack_queries.UnknownKey(field="fee_item", key=row.fee_item)
    item = items[row.fee_item]
    if row.unit not in item.units:
        unit = Unit(row.unit).label if row.unit in Unit.values else row.unit
        raise Invalid(_("%(item)s is not counted %(unit)s."), field="unit", item=item.label, unit=unit)
    if row.position and row.position not in {p.key for p in pack.certifiable}:
        raise pack_queries.UnknownKey(field="position", key=row.position)


def _refuse_impossible(row: FeeCap) -> None:
    if row.ceiling is None and not row.decision_note:
        raise DecisionNeeded(field="decision_note")
    if row.ceiling is not None and row.ceiling < Money(0):
        raise Invalid(_("A ceiling is not below zero."), field="ceiling")
    if row.effective_to is not None and row.effective_to < row.effective_from:
        raise Invalid(_("The last day lies before the first."), field="effective_to")


def _insert(row: FeeCap) -> None:
    """Save the row; where another officer was quicker the database refuses, and the refusal says what was there."""
    _refuse_overlap(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        if "policy_cap_overlap" in str(fault):
            _refuse_overlap(row)
        raise


def _refuse_overlap(row: FeeCap) -> None:
    same = FeeCap.objects.filter(
        jurisdiction=row.jurisdiction, fee_item=row.fee_item, position=row.position, unit=row.unit
    )
    until = Q() if row.effective_to is None else Q(effective_from__lte=row.effective_to)
    other = same.filter(until, Q(effective_to=None) | Q(effective_to__gte=row.effective_from)).first()
    if other is not None:
        raise CapOverlaps(field="effective_from", document=other.document_no, start=other.effective_from.isoformat())


def _acting(by: Actor) -> str:
    return by.acting_as(PROVINCE)


def _cap_values(row: FeeCap) -> dict[str, object]:
    return audit.values(
        row, "document_no", "fee_item", "position", "unit", "kind", "ceiling", "decision_note", "effective_from",
        "effective_to", "demo",
    )  # fmt: skip


def end_cap(
    *, cap_id: uuid.UUID, last_day: date, why: str, proposed_by: uuid.UUID | None, by: Actor, at: datetime
) -> cap_queries.FeeCapValue:
    """Let a ceiling end with `last_day`, yesterday at the earliest. Prices under it meet this at their next question.

    Refuses who is not an officer of the province, one person alone (SecondOfficerNeeded), an end (CapCannotEnd) in the
    past, before the beginning, or later than the ceiling ends already, and (ReasonRequired) to end it without a reason.
    """
    with transaction.atomic():
        row = FeeCap.objects.select_for_update().filter(pk=cap_queries.cap(cap_id).id).get()
        access.demand(by, rules.enters_caps, scope=row.jurisdiction)
        _require_two(proposed_by, by)
        why = reasons.require(why)
        today = legal_day(at)
        first = max(today - timedelta(days=1), row.effective_from)
        if last_day < first or (row.effective_to is not None and last_day >= row.effective_to):
            raise CapCannotEnd(field="last_day", first=first.isoformat())
        before = audit.values(row, "effective_to", "in_force")
        row.effective_to, row.in_force = last_day, last_day >= today
        row.save(update_fields=["effective_to", "in_force"])
        after = audit.values(row, "effective_to", "in_force") | {"proposed_by": str(proposed_by)}
        version = pack_queries.pack_at(at, row.jurisdiction).version
        audit.note(
            "policy.cap_end", row, by=by, at=at, before=before, after=after, why=why, policy=version,
            acting_as=_acting(by),
        )  # fmt: skip
    return cap_queries.cap(cap_id)


def expire_caps(*, at: datetime) -> int:
    """Mark the ceilings whose last day is over as no longer in force; return how many."""
    with transaction.atomic():
        over = FeeCap.objects.select_for_update().filter(in_force=True, effective_to__lt=legal_day(at)).order_by("pk")
        for row in over:
            row.in_force = False
            row.save(update_fields=["in_force"])
            audit.note("policy.cap_over", row, by=SYSTEM, at=at, after=audit.values(row, "in_force"))
    return len(over)
