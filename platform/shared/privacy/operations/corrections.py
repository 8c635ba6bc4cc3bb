"""Corrections: asked for with evidence, decided with a reason, in time (PIPL 46)."""

import uuid
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound
from shared.identity.operations import closing as identity_closing
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices
from shared.records import operations as records

from .. import methods, rules
from ..models.rights import Correction
from ..queries import register as privacy_register
from ..queries import rights
from ..states import CORRECTION, Field


def ask_correction(
    *,
    field: str,
    wanted: str,
    words: str,
    evidence: "UploadedFile[Any] | None",
    institution_id: uuid.UUID | None,
    by: Actor,
    at: datetime,
) -> str:
    """Ask for a correction of one's own data; return its number. The counter of `institution_id` decides, or the
    authority.

    Refuses (Invalid) an unknown field, an empty wish, a name or a document's number of nobody, and what can be no name
    (NotAName) and no number of such a document (NotAResidentId, NotADocumentNumber).
    """
    account_id = account_queries.own_id(by)
    if field not in Field.values:
        raise Invalid(field="field")
    wanted = reasons.require_text(wanted, field="wanted", message=_("Say what it should be."), longest=1000)
    if field != Field.OTHER and by.person_id is None:
        raise Invalid(_("Complete your personal details first; there is nothing to correct yet."), field="field")
    if by.person_id is not None:
        identity_closing.check_correction(person_id=by.person_id, at=at, **_wanted_facts(field, wanted))
    with transaction.atomic():
        row = Correction(
            number=methods.new_number(legal_day(at)),
            account_id=account_id,
            person_id=by.person_id,
            institution_id=institution_id,
            field=field,
            words=words.strip()[:1000],
            asked_at=at,
            due_on=rights.due_after(at, privacy_register.setting("correction_days")),
            state=CORRECTION.initial,
            state_since=at,
        )
        row.wanted = wanted  # type: ignore[assignment]  # the field seals it
        if evidence is not None:
            row.evidence = records.store_file(
                content=evidence, name=str(evidence.name), by=by, at=at, retention="3 years"
            ).id
        row.save(force_insert=True)
        audit.note("data-correction.ask", row, by=by, at=at, after=audit.values(row, "number", "field", "due_on"))
    return row.number


def _wanted_facts(field: str, wanted: str) -> dict[str, str]:
    """Return what identity corrects, by its names; nothing where it is another field."""
    names = {Field.NAME: "name", Field.ID_NUMBER: "id_number"}
    return {names[Field(field)]: wanted} if field in names else {}


def take_back_correction(*, correction_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take back one's own request; refuses (NotFound) anybody else's and (WrongState) one that was decided."""
    with transaction.atomic():
        row = rights.corrections_of(by).select_for_update().filter(pk=correction_id).first()
        if row is None:
            raise NotFound
        CORRECTION.move(row, "take_back", by=by, at=at, decided_at=at)


def decide_correction(*, correction_id: uuid.UUID, accept: bool, reason: str, by: Actor, at: datetime) -> None:
    """Decide a request with a reason. An accepted name or number is corrected in the register of people at once;
    certificates are corrected by their authority, whose pages queries.papers names.

    Refuses (NotFound) what is not this desk's, (Denied) one's own, (ReasonRequired), (WrongState), and what
    identity refuses.
    """
    reason = reasons.require(reason, field="reason", message=_("Say why; the person reads it."))
    with transaction.atomic():
        row = rights.correction(correction_id, by)
        organisation = access.open_scope() or ""
        area = frozenset() if organisation else rights.area_of(row)
        access.demand(by, rules.may_decide_correction, row.account_id, area=area, organisation=organisation)
        decision: dict[str, Any] = {"reason": reason[:1000], "decided_by": by.account_id, "decided_at": at}
        CORRECTION.move(row, "accept" if accept else "refuse", by=by, at=at, why=reason, **decision)
        if accept and row.field != Field.OTHER:
            assert row.person_id is not None  # ask_correction saw to it
            identity_closing.correct_person(
                person_id=row.person_id,
                by=by,
                why=f"{row.number}: {reason}",
                at=at,
                **_wanted_facts(row.field, row.wanted.reveal()),
            )
        template = "privacy.corrected" if accept else "privacy.not_corrected"
        context = {"number": row.number, "reason": row.reason, "url": "/account/privacy/corrections/"}
        notices.send(to=account_queries.account(row.account_id), template=template, context=context, at=at)
