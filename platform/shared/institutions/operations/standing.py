"""Standing: an organisation registers, and stands as its authority decides (policy parts 2 and 5)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, idnumbers, reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.roles import Role
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models import Institution, Organisation, Ruling, StandingEntry
from ..queries import listing, organisations
from ..states import STANDING, Decision


class AlreadyRegistered(Refusal):
    """An organisation with this credit code exists."""

    code = "already-registered"
    message = _(
        "An organisation with this credit code is registered already. If it is yours, ask its principal to invite you;"
        " if somebody used your code, tell the authority."
    )


class DocumentRequired(Invalid):
    """A decision without its document."""

    code = "document-required"
    message = _("A decision needs the reference of its document.")


def register_organisation(
    *,
    name: str,
    credit_code: str,
    category: str,
    division_code: str,
    address: str,
    legal_rep: str,
    contact: str,
    mobile: str,
    by: Actor,
    at: datetime,
) -> organisations.OrganisationValue:
    """Register a legal entity and make whoever registers it its principal; the authority follows from policy part 2.1.

    Refuses a false credit code or mobile (Invalid), an unknown category or division, and a code that is registered.
    """
    account = access.account_of(by)
    number = idnumbers.credit_code(credit_code)
    organisation = Organisation(
        name=name.strip(),
        credit_code=number,
        category=category,
        division_code=division_code,
        authority_code=authorities.authority_for(category, division_code, at).code,
        address=address.strip(),
        legal_rep=legal_rep.strip(),
        contact=contact.strip(),
        contact_mobile=idnumbers.mobile(mobile),
        registered_at=at,
        registered_by=account,
        state=STANDING.initial,
        state_since=at,
    )
    with transaction.atomic():
        _insert_organisation(organisation)
        StandingEntry.objects.create(organisation=organisation, state=organisation.state, since=at)
        facts = audit.values(organisation, "name", "credit_code", "category", "division_code", "authority_code")
        audit.note(
            "organisation.register", organisation, by=by, at=at, after=facts, policy=pack_queries.pack_at(at).version
        )
        identity_roles.grant_role(
            account_id=account, role=Role.PRINCIPAL, scope=str(organisation.pk), by=access.SYSTEM, at=at
        )
    return organisations.value(organisation)


def _insert_organisation(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRegistered(field="credit_code") from None


def suspend(*, organisation_id: uuid.UUID, document_no: str, reason: str, by: Actor, at: datetime) -> Ruling:
    """Suspend an organisation's enrolment, at once (policy part 5). See `decide`."""
    return decide(
        organisation_id=organisation_id, kind=Decision.SUSPEND, document_no=document_no, reason=reason, by=by, at=at
    )


def resume(*, organisation_id: uuid.UUID, document_no: str, reason: str, by: Actor, at: datetime) -> Ruling:
    """Lift a suspension, at once (policy part 5). See `decide`."""
    return decide(
        organisation_id=organisation_id, kind=Decision.RESUME, document_no=document_no, reason=reason, by=by, at=at
    )


def remove(*, organisation_id: uuid.UUID, document_no: str, reason: str, by: Actor, at: datetime) -> Ruling:
    """Remove an organisation from the list, at once (policy part 5). See `decide`."""
    return decide(
        organisation_id=organisation_id, kind=Decision.REMOVE, document_no=document_no, reason=reason, by=by, at=at
    )


def decide(*, organisation_id: uuid.UUID, kind: str, document_no: str, reason: str, by: Actor, at: datetime) -> Ruling:
    """Take a decision about a listed organisation: published with its reason, in force at everybody's next question.

    Refuses an officer of another authority (Denied), one without a second factor, a decision without grounds, and a
    move that is not possible from where the organisation stands (WrongState).
    """
    if not document_no.strip():
        raise DocumentRequired(field="document_no")
    reason = reasons.require(reason, field="reason", message=_("A decision needs a reason that can be published."))
    with transaction.atomic():
        organisation = lock_organisation(organisation_id)
        access.demand(by, organisations.covers, organisation.authority_code)
        version = pack_queries.pack_at(at).version
        STANDING.move(organisation, kind, by=by, at=at, why=f"{document_no.strip()} · {reason}", policy=version)
        ruling = Ruling.objects.create(
            organisation=organisation,
            kind=kind,
            document_no=document_no.strip(),
            reason=reason,
            authority_code=organisations.deciding_office(by, organisation.authority_code),
            decided_by=access.account_of(by),
            decided_at=at,
            policy=version,
        )
        StandingEntry.objects.create(organisation=organisation, state=organisation.state, since=at, ruling=ruling)
        _notify_principals(organisation, ruling, at=at)
    return ruling


def _notify_principals(organisation: Organisation, ruling: Ruling, *, at: datetime) -> None:
    """Tell the principals what was decided about their organisation, by which document and why."""
    institution = Institution.objects.filter(organisation=organisation).first()
    context = {
        "name": organisation.name,
        "document": ruling.document_no,
        "reason": ruling.reason,
        "url": reverse("institutions:page", settings.PUBLIC_SCHEMA_URLCONF, kwargs={"slug": institution.slug})
        if institution
        else "",
    }
    for principal in account_queries.holders(Role.PRINCIPAL, str(organisation.pk), at=at):
        notices.send(
            to=principal, template=f"institutions.{ruling.kind}", context=context, at=at, key=f"ruling:{ruling.pk}"
        )


def stop_enrolling(*, organisation_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take no new trainees from now on, by the principal's own wish; refuses anybody else."""
    _move_standing(organisation_id, "stop_enrolling", by=by, at=at)


def enrol_again(*, organisation_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take new trainees again; refuses anybody but the principal, and an organisation that is suspended."""
    _move_standing(organisation_id, "enrol_again", by=by, at=at)


def _move_standing(organisation_id: uuid.UUID, move: str, *, by: Actor, at: datetime) -> None:
    access.demand(by, rules.leads, scope=str(organisation_id))
    with transaction.atomic():
        organisation = lock_organisation(organisation_id)
        STANDING.move(organisation, move, by=by, at=at)
        StandingEntry.objects.create(organisation=organisation, state=organisation.state, since=at)


def note_stars(*, before: Mapping[uuid.UUID, Mapping[str, Any]], at: datetime, policy_version: str = "") -> None:
    """Note which institutions carry other stars than `before` (queries.listing.stars): the database has just changed
    them with a run that was published, and nothing else can.
    """
    with transaction.atomic():
        for row in Institution.objects.filter(pk__in=before).order_by("pk"):
            after = audit.values(row, *listing.STARS)
            if after != before[row.pk]:
                audit.note(
                    "institution.star", row, by=SYSTEM, at=at, before=before[row.pk], after=after, policy=policy_version
                )


def lock_organisation(organisation_id: uuid.UUID) -> Organisation:
    """Return an organisation, locked until the end of the transaction; refuses (NotFound) an unknown one."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound
    return organisation
