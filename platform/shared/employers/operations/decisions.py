"""Decisions on registrations: the officer looks at the letter, or an institution vouches; and what is proven ends."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, names, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.folding import number as folded_number
from kernel.roles import Role
from shared.identity.operations import people as identity_people
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import organisations, standings
from shared.institutions.states import Activity
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models import Registration
from ..states import REGISTRATION, State, Way
from . import people
from .registrations import rules_of

REASON = _("Say what is wrong, so that whoever applied can mend it.")


class WayClosed(Refusal):
    """The rules under which the registration was asked for do not open this way."""

    code = "employer-way-closed"
    message = _("The rules in force do not prove an employer in this way.")


class NoLetter(Invalid):
    """There is no letter to look at."""

    code = "employer-no-letter"
    message = _("No letter was uploaded, so there is nothing to look at: an institution may vouch instead.")


class NothingToVouch(Refusal):
    """No registration waits under this credit code and this name."""

    code = "nothing-to-vouch"
    message = _(
        "No registration waits under this credit code that somebody of this name asked for. Compare both with the"
        " papers in front of you; whoever applied sees on their page where it stands."
    )


def decide(*, registration_id: uuid.UUID, prove: bool, reason: str = "", by: Actor, at: datetime) -> None:
    """Find the letter of a registration right, which makes whoever applied the employer's clerk in the same
    transaction; or refuse it with a reason.

    Refuses (NotFound) whoever has no office over the employer's seat, (Denied) who is no officer or applied themselves,
    (WayClosed) where the rules open no letters, (NoLetter) none, (ReasonRequired) a refusal without its reason, and
    (WrongState) what is decided: of two officers at the same time exactly one decides.
    """
    with transaction.atomic():
        row = _locked(registration_id, by)
        if not prove:
            why = reasons.require(reason, field="reason", message=REASON, longest=300)
            REGISTRATION.move(row, "refuse", by=by, at=at, locked=True, why=why, reason=why, **_decided(by))
            return
        REGISTRATION.require(row, "prove")
        _require_way(row, Way.LETTER)
        if row.letter_id is None:
            raise NoLetter
        _prove(row, "prove", by=by, at=at, way=Way.LETTER)


def vouch(*, credit_code: str, applied_name: str, seen: str, by: Actor, at: datetime) -> str:
    """Vouch, at the open institution's counter, for the registration that waits under a credit code and was asked for
    by somebody of this name; return the employer's name. The officer of its area is told.

    Refuses (Denied) who is no registrar here or applied themselves, (StandingForbids) an institution that may not enrol
    now, (ReasonRequired) where it is not said what was looked at, (NothingToVouch), and (WayClosed).
    """
    access.demand(by, rules.vouches)
    organisation = str(tenancy.current_organisation_id() or "")
    institution_id = tenancy.institution_id()
    said = reasons.require(seen, field="seen", longest=300, message=_("Say which papers you looked at."))
    standings.require(Activity.ENROL, institution_id, at)
    with tenancy.open_public(), transaction.atomic():  # registrations are no institution's to read
        rows = Registration.objects.select_for_update().filter(credit_code=folded_number(credit_code))
        row = rows.filter(state=State.ASKED).first()
        if row is None or not names.same(row.applied_name, applied_name):
            raise NothingToVouch(field="credit_code")
        access.demand(by, rules.may_vouch, organisation, row.applied_by)
        _require_way(row, Way.VOUCHING)
        _prove(row, "vouch", by=by, at=at, way=Way.VOUCHING, institution_id=institution_id, seen=said)
        return row.name


def _require_way(row: Registration, way: Way) -> None:
    if way not in rules_of(pack_queries.pack(row.policy)).ways:
        raise WayClosed


def _decided(by: Actor) -> dict[str, Any]:
    return {"decided_by": access.account_of(by), "decided_name": by.name[:80]}


def _prove(row: Registration, move: str, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Make the employer known and whoever applied its clerk."""
    employer_id = identity_people.register_employer(name=row.name, credit_code=row.credit_code, by=by, at=at)
    policy = pack_queries.pack_at(at).version
    REGISTRATION.move(
        row, move, by=by, at=at, locked=True, policy=policy, employer_id=employer_id, **_decided(by), **facts
    )
    role, scope = Role.EMPLOYER_CLERK, str(employer_id)
    if row.applied_by not in {held.id for held in account_queries.holders(role, scope)}:
        identity_roles.grant_role(account_id=row.applied_by, role=role, scope=scope, by=SYSTEM, at=at)


def end(*, registration_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> None:
    """End the registration of a proven employer, as its officer: its clerks are clerks no more, and nobody of its
    people is shown to it any longer.

    Refuses (NotFound) whoever has no office over the employer's seat, (Denied), (ReasonRequired), and (WrongState).
    """
    with transaction.atomic():
        row = _locked(registration_id, by)
        why = reasons.require(reason, field="reason", longest=300)
        close(row, why=why, by=by, at=at)


def close(row: Registration, *, why: str, by: Actor, at: datetime) -> None:
    """End a registration, whose row is locked, with everything that stands on it. The caller has checked who asks."""
    employer_id = row.employer_id
    REGISTRATION.move(row, "end", by=by, at=at, locked=True, why=why, reason=why)
    assert employer_id is not None  # it was proven
    for grant in account_queries.grants_in(str(employer_id), [Role.EMPLOYER_CLERK]):
        identity_roles.end_grant(grant_id=grant.id, by=SYSTEM, at=at, why=why)
    people.end_all(employer_id=employer_id, at=at)


def _locked(registration_id: uuid.UUID, by: Actor) -> Registration:
    """Return the locked row of a registration on which an officer may decide."""
    covered = organisations.jurisdiction(by)
    rows = Registration.objects.select_for_update().filter(pk=registration_id, proven_at__isnull=False)
    row = rows.first()
    if row is None or row.authority_code not in covered:
        access.demand(by, rules.decides)
        raise NotFound
    access.demand(by, rules.may_decide, row.authority_code, covered, row.applied_by)
    return row
