"""Who may act in a sitting: only those on duty in it; some things only its chief."""

import uuid

from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, Denied
from kernel.errors import Forbidden, Invalid, NotFound

from ..models import Attempt, Candidacy, Duty, Sitting
from ..states import DESK, DutyRole


class NotOnDuty(Forbidden):
    """The person does not watch over this sitting, or not as its chief."""

    code = "not-on-duty"
    words = _("Only those on duty in this sitting may do this; some things only its chief proctor.")


class ReasonMissing(Invalid):
    """An act that needs a reason came without one."""

    code = "reason-missing"
    words = _("Please give the reason.")


def at_the_desk(by: Actor) -> None:
    """Refuse (Denied) whoever is neither registrar nor principal. The view has checked the scope."""
    if not (by.system or by.has(*DESK)):
        raise Denied


def on_duty(sitting_id: uuid.UUID, by: Actor, *, chief: bool = False) -> None:
    """Refuse (NotOnDuty) whoever does not watch over this sitting, with `chief` whoever is not its chief."""
    duties = Duty.objects.filter(sitting_id=sitting_id, account_id=by.account_id)
    if by.account_id is None or not (duties.filter(role=DutyRole.CHIEF) if chief else duties).exists():
        raise NotOnDuty


def reason(why: str) -> str:
    """Return the reason without blanks around it; refuses (ReasonMissing) an empty one."""
    if not why.strip():
        raise ReasonMissing(field="reason")
    return why.strip()[:200]


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


def locked_attempt(**which: uuid.UUID) -> Attempt:
    """Return an attempt by any key, its row locked, with its candidacy; NotFound where there is none."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("candidacy", "sitting")
    row = rows.filter(**which).first()
    if row is None:
        raise NotFound
    return row
