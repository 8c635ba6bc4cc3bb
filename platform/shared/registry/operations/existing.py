"""Institutions that trained before the policy: the authority confirms the earlier list (policy part 2.1)."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from shared.hosting.operations import listing as hosting_listing
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models.commitments import Commitment, applicant_columns
from ..states import Kind, State


class StartedTooLate(Invalid):
    """The institution did not exist when the policy took effect."""

    code = "started-too-late"
    message = _("Existing institutions are those that trained before %(day)s. A later one is verified on site.")


class EarlierListRequired(Invalid):
    """The earlier list is not named, or no position."""

    code = "earlier-list-required"
    message = _("Name the earlier list on which it stood, and the positions for which it trained.")


class AlreadyConfirmed(Refusal):
    """It was confirmed before."""

    code = "already-confirmed"
    message = _("This institution was confirmed already.")


def confirm_existing(
    *,
    commitment_id: uuid.UUID,
    since: date,
    document: str,
    positions: Sequence[str],
    by: Actor,
    at: datetime,
) -> Commitment:
    """Confirm that an institution trained before the policy: it is listed at once and trains on during its self-check.

    Nobody visits it for this and nothing is put under public notice: both are for new institutions (policy part 2.1).
    Refuses anybody but an officer of this very authority with a second factor, a day that is not before the policy
    (StartedTooLate), no list or no known positions (EarlierListRequired), and a second confirmation (AlreadyConfirmed).
    """
    with transaction.atomic():
        rows = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns())
        row = rows.filter(pk=commitment_id, kind=Kind.SELF_CHECK, state=State.DRAFT).first()
        if row is None:
            raise NotFound
        access.demand(by, rules.signs, scope=row.authority_code)
        if row.existing_since is not None:
            raise AlreadyConfirmed
        pack = pack_queries.pack(row.policy)
        if since >= pack.institutions.existing_before:
            raise StartedTooLate(field="since", day=pack.institutions.existing_before.isoformat())
        selected = sorted(set(positions) & {p.key for p in pack.certifiable})
        if not document.strip() or not selected:
            raise EarlierListRequired(field="positions" if document.strip() else "document")
        row.existing_since, row.existing_document, row.positions = since, document.strip()[:60], selected
        changed = ["existing_since", "existing_document", "positions"]
        row.save(update_fields=changed)
        audit.note(
            "commitment.confirm_existing", row, by=by, at=at, after=audit.values(row, *changed), policy=row.policy
        )
        hosting_listing.list_institution(
            organisation_id=row.organisation_id, positions=selected, by=SYSTEM, at=at, policy_version=row.policy
        )
    return row
