"""Lifecycle: an institution is retired, opened again, and leaves; what becomes of its schema is hosting's."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons, tenancy
from kernel.access import Actor
from kernel.db import roles
from kernel.errors import NotFound, Refusal

from .. import rules
from ..models import Institution
from ..states import LIFECYCLE, Standing
from ..values import InstitutionSchema, institution_schema


class StillListed(Refusal):
    """An institution that is on the list cannot retire."""

    code = "still-listed"
    message = _(
        "This institution is on the list. Its authority removes it from the list first; then it can be retired."
    )


def retire(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> None:
    """Leave an institution's records to be read and nothing to be changed: the database takes the right away.

    Refuses one that is still on the list, one without a schema, and a retirement without a reason.
    """
    access.demand(by, rules.operates)
    why = reasons.require(reason, field="reason")
    with transaction.atomic():
        institution = lock_institution(institution_id)
        if institution.organisation.state != Standing.REMOVED:
            raise StillListed
        LIFECYCLE.move(institution, "retire", by=by, at=at, why=why, retired_at=at)
        roles.mark_retired(institution.schema_name, retired=True)
    tenancy.clear_host_cache()


def reopen(*, institution_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> None:
    """Let a retired institution's records be changed again; refuses one whose deletion is asked for."""
    access.demand(by, rules.operates)
    why = reasons.require(reason, field="reason")
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, "reopen", by=by, at=at, why=why, retired_at=None)
        roles.mark_retired(institution.schema_name, retired=False)
    tenancy.clear_host_cache()


def ask_deletion(*, institution_id: uuid.UUID, why: str, by: Actor, at: datetime) -> InstitutionSchema:
    """Let a retired institution wait for its deletion; hosting checks what must be so, in the same transaction."""
    return _move(institution_id, "ask_deletion", by=by, at=at, why=why)


def withdraw_deletion(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> InstitutionSchema:
    """Let an institution that waits for its deletion be merely retired again."""
    return _move(institution_id, "withdraw_deletion", by=by, at=at)


def delete(*, institution_id: uuid.UUID, by: Actor, at: datetime) -> InstitutionSchema:
    """Note that an institution's data is deleted, which hosting does in the same transaction."""
    return _move(institution_id, "delete", by=by, at=at)


def _move(institution_id: uuid.UUID, move: str, *, by: Actor, at: datetime, why: str = "") -> InstitutionSchema:
    access.demand(by, rules.operates)
    with transaction.atomic():
        institution = lock_institution(institution_id)
        LIFECYCLE.move(institution, move, by=by, at=at, why=why)
    return institution_schema(institution)


def lock_schema(institution_id: uuid.UUID) -> InstitutionSchema:
    """Return an institution's schema, its row locked until the end of the transaction; refuses (NotFound) an unknown
    one.
    """
    return institution_schema(lock_institution(institution_id))


def note(
    verb: str,
    institution_id: uuid.UUID,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write into an institution's life line what was done with its schema."""
    audit.note(verb, Institution(pk=institution_id), by=by, at=at, before=before, after=after, why=why)


def lock_institution(institution_id: uuid.UUID) -> Institution:
    """Return an institution, locked until the end of the transaction; refuses (NotFound) an unknown one."""
    rows = Institution.objects.select_for_update(of=("self",)).select_related("organisation")
    institution: Institution | None = rows.filter(pk=institution_id).first()
    if institution is None:
        raise NotFound
    return institution
