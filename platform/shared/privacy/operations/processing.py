"""Processing records: impact assessments and entrusted parties, kept at least three years, never changed."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import Actor
from kernel.errors import Invalid

from .. import methods, rules
from ..models.processing import Assessment, Entrusting
from ..queries import register as privacy_register
from ..states import AssessmentKind


def enter_assessment(
    *,
    kind: str,
    title: str,
    necessity: str,
    risks: str,
    measures: str,
    made_on: date,
    valid_until: date,
    by: Actor,
    at: datetime,
) -> None:
    """Enter an impact assessment; it is kept three years after it has run out.

    Refuses (Denied) all but who looks after it, and (Invalid) days out of order.
    """
    access.demand(by, rules.handler)
    if kind not in AssessmentKind.values:
        raise Invalid(field="kind")
    if valid_until <= made_on:
        raise Invalid(_("It must be valid for some time after it was made."), field="valid_until")
    with transaction.atomic():
        row = Assessment.objects.create(
            kind=kind,
            title=title.strip()[:120],
            necessity=necessity.strip(),
            risks=risks.strip(),
            measures=measures.strip(),
            made_on=made_on,
            valid_until=valid_until,
            keep_until=methods.years_later(valid_until, privacy_register.setting("keep_years")),
            entered_at=at,
            entered_by=by.account_id,
            entered_name=by.name[:80],
        )
        audit.note("assessment.enter", row, by=by, at=at, after=audit.values(row, "kind", "title", "valid_until"))


def enter_entrusting(
    *,
    party: str,
    purpose: str,
    kinds: str,
    protection: str,
    contract_no: str,
    begins_on: date,
    ends_on: date | None,
    by: Actor,
    at: datetime,
) -> None:
    """Enter a party to which handling is entrusted; refuses as `enter_assessment` does."""
    access.demand(by, rules.handler)
    if ends_on is not None and ends_on < begins_on:
        raise Invalid(_("It cannot end before it begins."), field="ends_on")
    with transaction.atomic():
        row = Entrusting.objects.create(
            party=party.strip()[:120],
            purpose=purpose.strip()[:300],
            kinds=kinds.strip()[:300],
            protection=protection.strip()[:300],
            contract_no=contract_no.strip()[:60],
            begins_on=begins_on,
            ends_on=ends_on,
            entered_at=at,
            entered_by=by.account_id,
            entered_name=by.name[:80],
        )
        audit.note("entrusting.enter", row, by=by, at=at, after=audit.values(row, "party", "contract_no"))
