"""Notices: whom each move of a registration and of an employer's people touches, told in its transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from kernel.access import Actor
from kernel.roles import OFFICERS, Role
from kernel.states import MadeMove, moves_made
from kernel.web.http import address
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.notices import operations as notices

from ..models import Employee, Registration

IN_APP = (notices.IN_APP,)
BOTH = (notices.IN_APP, "sms")
MINE = "/account/employers/"


def _applicant(made: MadeMove, template: str, *, url: str = "", **context: Any) -> None:
    row: Registration = made.row
    to = account_queries.account(row.applied_by)
    if to.id == made.by.account_id:
        return
    link = url or f"{MINE}registrations/{row.pk}/"
    _send(to, template, {"name": row.name, "url": link} | context, key=f"{template}:{row.pk}", at=made.at)


def _send(
    to: account_queries.AccountValue,
    template: str,
    context: dict[str, Any],
    *,
    key: str,
    at: datetime,
    channels: Sequence[str] = BOTH,
) -> None:
    notices.send(to=to, template=template, context=context, at=at, channels=channels, key=key)


def _officers(row: Registration, template: str, *, by: Actor, at: datetime, **context: Any) -> None:
    """Tell the officers of the registration's authority, but who acted."""
    for role in OFFICERS:
        notices.send_officers(
            role=role,
            scope=row.authority_code,
            accounts=(),
            exclude=by.account_id or uuid.UUID(int=0),
            template=template,
            context={"name": row.name, "url": f"/authority/employers/{row.pk}/"} | context,
            key=f"{template}:{row.pk}",
            at=at,
        )


def clerks(
    employer_id: uuid.UUID, template: str, context: dict[str, Any], *, by: Actor, at: datetime, key: str
) -> None:
    """Tell every clerk of an employer, but who acted, in the application."""
    for clerk in account_queries.holders(Role.EMPLOYER_CLERK, str(employer_id)):
        if clerk.id != by.account_id:
            _send(clerk, template, context, key=key, at=at, channels=IN_APP)


@moves_made.connect("employer_registration.prove")
def proved(made: MadeMove) -> None:
    """Tell whoever applied that the authority found the letter right."""
    _applicant(made, "employers.proved", url=address("employer"))


@moves_made.connect("employer_registration.vouch")
def vouched(made: MadeMove) -> None:
    """Tell whoever applied that an institution vouched, and the officers of the area that it did."""
    _applicant(made, "employers.proved", url=address("employer"))
    _officers(made.row, "employers.vouched", by=made.by, at=made.at, who=made.by.name, seen=made.row.seen)


@moves_made.connect("employer_registration.refuse")
def refused(made: MadeMove) -> None:
    """Tell whoever applied why the registration was refused."""
    _applicant(made, "employers.refused", reason=made.why)


@moves_made.connect("employer_registration.lapse")
def lapsed(made: MadeMove) -> None:
    """Tell whoever applied that nobody answered in time."""
    _applicant(made, "employers.lapsed")


@moves_made.connect("employer_registration.end")
def ended(made: MadeMove) -> None:
    """Tell the clerks, whose roles end with it, and the officers of the area."""
    row: Registration = made.row
    assert row.employer_id is not None  # it was proven
    context = {"name": row.name, "reason": made.why, "url": MINE}
    key = f"employers.ended:{row.pk}"
    clerks(row.employer_id, "employers.ended", context, by=made.by, at=made.at, key=key)
    _officers(row, "employers.left", by=made.by, at=made.at, reason=made.why, who=made.by.name)


def clerk_added(row: Registration, invited: account_queries.AccountValue, *, by: Actor, at: datetime) -> None:
    """Tell the other clerks who is one too; whoever was invited has word of it from identity."""
    for clerk in account_queries.holders(Role.EMPLOYER_CLERK, str(row.employer_id)):
        if clerk.id not in (by.account_id, invited.id):
            context = {"who": by.name, "clerk": invited.name, "name": row.name, "url": address("employer")}
            _send(clerk, "employers.clerk_added", context, key="", at=at, channels=IN_APP)


def clerk_ended(row: Registration, account_id: uuid.UUID, *, by: Actor, at: datetime) -> None:
    """Tell whoever is a clerk no more, and those who still are."""
    former = account_queries.account(account_id)
    context = {"who": by.name, "clerk": former.name, "name": row.name, "url": MINE}
    if former.id != by.account_id:
        _send(former, "employers.clerk_ended", context, key="", at=at)
    for clerk in account_queries.holders(Role.EMPLOYER_CLERK, str(row.employer_id)):
        if clerk.id != by.account_id:
            _send(
                clerk, "employers.clerk_ended", context | {"url": address("employer")}, key="", at=at, channels=IN_APP
            )


def named(row: Employee, *, at: datetime) -> None:
    """Ask a person whom an employer named."""
    assert row.person_id is not None  # found just now
    to = account_queries.account_of(row.person_id)
    if to is not None:
        context = {"name": _employer(row), "url": MINE}
        _send(to, "employers.named", context, key=f"employers.named:{row.pk}", at=at)


def _list(row: Employee) -> str:
    return reverse("employers:people", settings.PUBLIC_SCHEMA_URLCONF, args=[row.employer_id])


def _employer(row: Employee) -> str:
    return people_queries.employer(row.employer_id).name


@moves_made.connect("employee.agree")
def agreed(made: MadeMove) -> None:
    """Tell the employer's clerks that somebody agreed."""
    row: Employee = made.row
    context = {"who": row.name, "url": _list(row)}
    clerks(row.employer_id, "employers.agreed", context, by=made.by, at=made.at, key=f"employers.agreed:{row.pk}")


@moves_made.connect("employee.end")
def employee_ended(made: MadeMove) -> None:
    """Tell each side that the other ended it."""
    row: Employee = made.row
    by_person = row.ended_side == "person"
    if by_person:
        context = {"who": row.name, "url": _list(row)}
        key = f"employers.employee_left:{row.pk}"
        clerks(row.employer_id, "employers.employee_left", context, by=made.by, at=made.at, key=key)
        return
    to = account_queries.account_of(row.person_id) if row.person_id else None
    if to is not None:
        context = {"name": _employer(row), "url": MINE}
        _send(to, "employers.employee_ended", context, key=f"employers.employee_ended:{row.pk}", at=made.at)
