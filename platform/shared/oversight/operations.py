"""Writes: institutions tell, in plain calls in their own transaction; upsert by UUID, so that a retry is harmless."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.errors import Forbidden, Invalid
from kernel.money import Money
from shared.policy import queries as policy

from .models import Told, ToldIncident, ToldPrice, ToldSitting
from .states import Severity, SittingState


class NotTheTeller(Forbidden):
    """The fact was told by another institution."""

    code = "not-the-teller"
    words = _("This fact was told by another institution; nobody else can change it.")


class UnknownWord(Invalid):
    """The platform knows no such state or severity."""

    code = "unknown-word"
    words = _("“%(word)s” is no word that can be told here.")


class OverTheCap(Invalid):
    """The price told lies above its ceiling."""

    code = "over-the-cap"
    words = _("The price %(amount)s lies above the ceiling %(ceiling)s of %(document)s.")


def tell_sitting(
    *,
    institution_id: uuid.UUID,
    sitting_id: uuid.UUID,
    position: str,
    starts_at: datetime,
    ends_at: datetime,
    site: str,
    candidates: int,
    state: str,
    at: datetime,
    by: Actor = SYSTEM,
) -> None:
    """Keep a sitting as its institution tells it: when it is filed and whenever its state, time or candidates change.

    `state` is one of `oversight.states.SittingState`. Told again unchanged, nothing happens. Refuses another
    institution's sitting (NotTheTeller) and unknown states (UnknownWord).
    """
    if state not in SittingState.values:
        raise UnknownWord(word=state)
    facts = {
        "position": position,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "site": site,
        "candidates": candidates,
        "state": state,
    }
    _tell(ToldSitting, sitting_id, institution_id, facts, by=by, at=at)


def tell_incident(
    *,
    institution_id: uuid.UUID,
    incident_id: uuid.UUID,
    sitting_id: uuid.UUID | None,
    kind: str,
    severity: str,
    words: str,
    happened_at: datetime,
    at: datetime,
    by: Actor = SYSTEM,
) -> None:
    """Keep an incident as its institution tells it; `severity` is one of `oversight.states.Severity`.

    Refuses another institution's incident (NotTheTeller) and unknown severities (UnknownWord).
    """
    if severity not in Severity.values:
        raise UnknownWord(word=severity)
    facts = {
        "sitting_id": sitting_id,
        "kind": kind,
        "severity": severity,
        "words": words,
        "happened_at": happened_at,
    }
    _tell(ToldIncident, incident_id, institution_id, facts, by=by, at=at)


def tell_price(
    *,
    institution_id: uuid.UUID,
    price_id: uuid.UUID,
    class_id: uuid.UUID,
    class_name: str,
    position: str,
    fee_item: str,
    unit: str,
    amount: Money,
    cap_id: uuid.UUID,
    published_at: datetime,
    at: datetime,
    in_force: bool = True,
    by: Actor = SYSTEM,
) -> None:
    """Keep a published price with the ceiling it stands under (policy part 2.2); `in_force=False` tells that it ended.

    The ceiling is read here, not believed. Refuses another institution's price (NotTheTeller), one above its ceiling
    (OverTheCap), and an unknown ceiling (NotFound).
    """
    cap = policy.cap(cap_id)
    if not cap.allows(amount):
        raise OverTheCap(amount=str(amount), ceiling=str(cap.ceiling), document=cap.document_no)
    facts = {
        "class_id": class_id,
        "class_name": class_name,
        "position": position,
        "fee_item": fee_item,
        "unit": unit,
        "amount": amount,
        "cap_id": cap_id,
        "bound": cap.bound,
        "published_at": published_at,
        "in_force": in_force,
    }
    _tell(ToldPrice, price_id, institution_id, facts, by=by, at=at)


def _tell(
    model: type[Told], key: uuid.UUID, institution_id: uuid.UUID, facts: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Insert or update one told row, note what changed, and do nothing where nothing did."""
    with transaction.atomic():
        defaults = {"institution_id": institution_id, "first_told_at": at, "told_at": at, **facts}
        row, fresh = model._default_manager.select_for_update(of=("self",)).get_or_create(pk=key, defaults=defaults)
        if row.institution_id != institution_id:
            raise NotTheTeller
        verb = f"told.{model._meta.model_name}"
        if fresh:
            audit.note(verb, row, by=by, at=at, after=_shown(row, facts))
            return
        changed = [name for name, value in facts.items() if getattr(row, name) != value]
        if not changed:
            return
        before = _shown(row, changed)
        for name in changed:
            setattr(row, name, facts[name])
        row.told_at = at
        row.save(update_fields=[*changed, "told_at"])
        audit.note(verb, row, by=by, at=at, before=before, after=_shown(row, changed))


def _shown(row: Told, names: Any) -> dict[str, Any]:
    """Return the named facts for the audit, without free words about people."""
    return audit.values(row, *(name for name in names if name != "words"))
