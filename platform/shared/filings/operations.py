"""Writes: institutions file facts by plain calls in their own transaction. The same facts again change nothing, so a
retry is harmless; other facts are the next version."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.errors import Forbidden, Invalid
from kernel.money import Money
from shared.policy.queries import caps as cap_queries

from .models import FactOrigin, FiledClass, FiledFact, FiledSitting, PublishedPrice, ReportedIncident
from .states import ClassState, Severity, SittingState


class FiledByAnotherInstitution(Forbidden):
    """The fact was filed by another institution."""

    code = "filed-by-another-institution"
    message = _("This was filed by another institution; nobody else can change it.")


class UnknownValue(Invalid):
    """The platform knows no such state or severity."""

    code = "unknown-value"
    message = _("“%(value)s” is not a value that can be filed here.")


class PriceAboveCeiling(Invalid):
    """The price lies above its ceiling."""

    code = "price-above-ceiling"
    message = _("The price %(amount)s lies above the ceiling %(ceiling)s of %(document)s.")


def record_sitting(
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
    """Record a sitting of an institution: when it is filed and whenever its state, time or candidates change.

    `state` is one of `filings.states.SittingState`. The same facts again change nothing. Refuses another
    institution's sitting (FiledByAnotherInstitution) and unknown states (UnknownValue).
    """
    if state not in SittingState.values:
        raise UnknownValue(value=state)
    facts = {
        "position": position,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "site": site,
        "candidates": candidates,
        "state": state,
    }
    _record(FiledSitting, sitting_id, institution_id, facts, by=by, at=at)


def record_incident(
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
    """Record an incident of an institution; `severity` is one of `filings.states.Severity`.

    Refuses another institution's incident (FiledByAnotherInstitution) and unknown severities (UnknownValue).
    """
    if severity not in Severity.values:
        raise UnknownValue(value=severity)
    facts = {
        "sitting_id": sitting_id,
        "kind": kind,
        "severity": severity,
        "words": words,
        "happened_at": happened_at,
    }
    _record(ReportedIncident, incident_id, institution_id, facts, by=by, at=at)


def record_price(
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
    """Record a published price with its ceiling (policy part 2.2); `in_force=False` says that it ended.

    The ceiling is read here, not believed. Refuses another institution's price (FiledByAnotherInstitution), one
    above its ceiling (PriceAboveCeiling), and an unknown ceiling (NotFound).
    """
    cap = cap_queries.cap(cap_id)
    if not cap.allows(amount):
        raise PriceAboveCeiling(amount=str(amount), ceiling=str(cap.ceiling), document=cap.document_no)
    facts = {
        "class_id": class_id,
        "class_name": class_name,
        "position": position,
        "fee_item": fee_item,
        "unit": unit,
        "amount": amount,
        "cap_id": cap_id,
        "max_amount": cap.max_amount,
        "published_at": published_at,
        "in_force": in_force,
    }
    _record(PublishedPrice, price_id, institution_id, facts, by=by, at=at)


def record_class(
    *,
    institution_id: uuid.UUID,
    class_id: uuid.UUID,
    name: str,
    position: str,
    programme: str,
    class_hours: int,
    division_code: str,
    place: str,
    starts_on: date,
    ends_on: date,
    enrols_until: date,
    seats: int,
    state: str,
    at: datetime,
    by: Actor = SYSTEM,
) -> None:
    """Record a class of an institution: when it is opened for enrolment, and whenever it is changed or moves on.

    `state` is one of `filings.states.ClassState`. Refuses another institution's class (FiledByAnotherInstitution) and
    unknown states (UnknownValue).
    """
    if state not in ClassState.values:
        raise UnknownValue(value=state)
    facts = {
        "name": name,
        "position": position,
        "programme": programme,
        "class_hours": class_hours,
        "division_code": division_code,
        "place": place,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "enrols_until": enrols_until,
        "seats": seats,
        "state": state,
    }
    _record(FiledClass, class_id, institution_id, facts, by=by, at=at)


def _record(
    model: type[FiledFact],
    key: uuid.UUID,
    institution_id: uuid.UUID,
    facts: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Add the first version, or the next where a fact changed, and note what did; do nothing where nothing did.

    Of two at once the database refuses the second, which has the same number: whoever files holds the thing's own row.
    """
    with transaction.atomic():
        newest = model._default_manager.filter(pk=key).first()
        if newest is not None and newest.institution_id != institution_id:
            raise FiledByAnotherInstitution
        changed = [name for name, value in facts.items() if newest is None or getattr(newest, name) != value]
        if not changed:
            return
        row = model.versions._default_manager.create(
            fact_id=key,
            version=1 if newest is None else newest.version + 1,
            institution_id=institution_id,
            first_received_at=at if newest is None else newest.first_received_at,
            received_at=at,
            **facts,
        )
        before = {} if newest is None else _audit_values(newest, changed)
        after = _audit_values(row, changed)
        audit.note(f"filings.{model._meta.model_name}", model(id=key), by=by, at=at, before=before, after=after)


def _audit_values(row: FactOrigin, names: Any) -> dict[str, Any]:
    """Return the named facts for the audit, without free words about people."""
    return audit.values(row, *(name for name in names if name != "words"))
