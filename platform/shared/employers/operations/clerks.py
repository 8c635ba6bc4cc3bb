"""Clerks: invited by each other, and ended by each other; an employer that no clerk acts for is registered no more."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, reasons
from kernel.access import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries

from .. import rules
from . import decisions, telling
from .registrations import proven


def invite(*, employer_id: uuid.UUID, identifier: str, name: str, by: Actor, at: datetime) -> None:
    """Make somebody else a clerk of the same employer, with an account if they have none; the other clerks are told.

    Refuses (Denied) who is no clerk of it, (EmployerNotProven), and as identity's `invite` does (NotAnIdentifier,
    AlreadyGranted).
    """
    access.demand(by, rules.clerk, scope=str(employer_id))
    with transaction.atomic():
        row = proven(employer_id)
        invited = identity_roles.invite(
            identifier=identifier, name=name, role=Role.EMPLOYER_CLERK, scope=str(employer_id), by=by, at=at
        )
        telling.clerk_added(row, invited, by=by, at=at)


def end(*, employer_id: uuid.UUID, grant_id: uuid.UUID, reason: str = "", by: Actor, at: datetime) -> bool:
    """End a clerk's role, one's own or another's; return whether it was the last one's.

    The last clerk leaves with a reason, and with the employer: its registration ends, its officers are told, and
    nobody's data are shown to anybody any longer. Refuses (Denied) who is no clerk of it, (EmployerNotProven),
    (NotFound) a role that no clerk of it holds, and (ReasonRequired) the last one without a reason.
    """
    scope = str(employer_id)
    access.demand(by, rules.clerk, scope=scope)
    with transaction.atomic():
        row = proven(employer_id)  # locked: of two who end each other, one comes second and is the last
        grants = {grant.id: grant for grant in account_queries.grants_in(scope, [Role.EMPLOYER_CLERK])}
        if grant_id not in grants:
            raise NotFound
        if len(grants) == 1:
            message = _("You are the last clerk. Say why the employer leaves; the housing authority is told.")
            why = reasons.require(reason, field="reason", longest=300, message=message)
            decisions.close(row, why=why, by=by, at=at)
            return True
        why = reasons.require(reason, field="reason", longest=200) if reason.strip() else ""
        identity_roles.end_grant(grant_id=grant_id, by=by, at=at, why=why)
        telling.clerk_ended(row, grants[grant_id].account_id, by=by, at=at)
    return False
