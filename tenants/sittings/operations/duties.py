"""Duties: only those on duty act in a sitting; some things only its chief."""

import uuid

from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.access import Actor
from kernel.errors import Forbidden, NotFound

from .. import rules
from ..models.sittings import Candidacy, Duty, Sitting
from ..states import DutyRole


class NotOnDuty(Forbidden):
    """The person does not watch over this sitting, or not as its chief."""

    code = "not-on-duty"
    message = _("Only those on duty in this sitting may do this; some things only its chief proctor.")


def require_desk(by: Actor) -> uuid.UUID:
    """Return the account that acts at the desk of this institution; refuses others."""
    access.demand(by, rules.desk)
    return access.account_of(by)


def require_duty(sitting_id: uuid.UUID, by: Actor, *, chief: bool = False) -> uuid.UUID:
    """Return the account that watches over this sitting, with `chief` as its chief; refuses (NotOnDuty) others."""
    account = access.account_of(by)
    duties = Duty.objects.filter(sitting_id=sitting_id, account_id=account, ended_at=None)
    if not (duties.filter(role=DutyRole.CHIEF) if chief else duties).exists():
        raise NotOnDuty
    return account


def locked_sitting(sitting_id: uuid.UUID) -> Sitting:
    """Return a sitting, its row locked; NotFound where there is none."""
    row = Sitting.objects.select_for_update(of=("self",)).select_related("room").filter(pk=sitting_id).first()
    if row is None:
        raise NotFound
    return row


def candidacy_of(candidacy_id: uuid.UUID) -> Candidacy:
    """Return a candidacy with its sitting, not locked; NotFound where there is none."""
    row = Candidacy.objects.select_related("sitting").filter(pk=candidacy_id).first()
    if row is None:
        raise NotFound
    return row
