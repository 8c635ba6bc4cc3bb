"""An employer's people: named by a clerk, asked by the platform, shown to the employer once they agreed.

An employer learns nothing by naming somebody: what a clerk is answered, and when, does not depend on whether anybody
here has this number. Who has it is found by `ask` within a minute, then or whenever an account with it comes to be. And
a no looks like no answer: what somebody declined waits on as before, and is over on the same day.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, names, sheets
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound, Refusal
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import consents as consent_queries
from shared.identity.queries import people as people_queries
from shared.identity.states import ConsentKind, DocumentType
from shared.policy.queries import packs as pack_queries

from .. import methods, rules
from ..models import Employee
from ..queries import people as employee_queries
from ..states import EMPLOYEE, LIVE, EmployeeState, Side
from . import telling
from .registrations import proven, rules_of

CHUNK = 2000


class AlreadyNamed(Refusal):
    """The employer's list holds this number."""

    code = "employee-already-named"
    message = _("Somebody with this number stands on your list already.")


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file: how many were added and how many stood on the list, or what is wrong with it."""

    added: int = 0
    known: int = 0
    faults: Sequence[sheets.Fault] = ()


def add(
    *,
    employer_id: uuid.UUID,
    name: str,
    id_number: str,
    id_type: str = DocumentType.RESIDENT,
    by: Actor,
    at: datetime,
) -> uuid.UUID:
    """Name somebody who works for the employer; return the key of what stands on its list. The person is asked.

    Refuses (Denied) who is no clerk of it, (EmployerNotProven), what cannot be a name or number at its field (Invalid),
    and (AlreadyNamed) a number that stands on the list. It does so alike whether anybody here has the number or not.
    """
    access.demand(by, rules.clerk, scope=str(employer_id))
    row = _row(employer_id, name, id_type, id_number, by=by, at=at)
    with transaction.atomic():
        proven(employer_id)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise AlreadyNamed(field="id_number") from None
        audit.note("employee.add", row, by=by, at=at, after=audit.values(row, "employer_id"))
    return row.pk


def add_file(*, employer_id: uuid.UUID, content: "UploadedFile[bytes]", by: Actor, at: datetime) -> FileResult:
    """Name everybody in a table (xlsx, csv) who does not stand on the list yet; a file with any fault adds nobody.

    Refuses (Denied) who is no clerk of it, (EmployerNotProven), and (Unreadable) what is no table of the form.
    """
    access.demand(by, rules.clerk, scope=str(employer_id))
    rows = sheets.read(methods.SHEET, content.read())
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        return FileResult(faults=faults)
    made, faults = [], []
    for line in rows:
        try:
            made.append(_row(employer_id, **line.values, by=by, at=at))
        except Invalid as refusal:
            faults.append(sheets.Fault(line.line, "", methods.heading(refusal.field or ""), str(refusal)))
    if faults:
        return FileResult(faults=faults)
    return _add_all(employer_id, made, by=by, at=at)


def _add_all(employer_id: uuid.UUID, made: Sequence[Employee], *, by: Actor, at: datetime) -> FileResult:
    with transaction.atomic(), audit.together():
        proven(employer_id)  # locked: nobody else adds to its list meanwhile
        known = employee_queries.live_documents(employer_id)
        new = {row.id_blind: row for row in made if row.id_blind not in known}
        Employee.objects.bulk_create(list(new.values()), batch_size=CHUNK)
        for row in new.values():
            audit.note("employee.add", row, by=by, at=at, after=audit.values(row, "employer_id"))
    return FileResult(added=len(new), known=len(made) - len(new))


def _row(employer_id: uuid.UUID, name: str, id_type: str, id_number: str, *, by: Actor, at: datetime) -> Employee:
    """Return somebody to be named, not saved; refuses (Invalid) at the field what cannot be right."""
    employers = rules_of(pack_queries.pack_at(at))
    row = Employee(employer_id=employer_id, added_by=access.account_of(by), added_at=at, state=EMPLOYEE.initial)
    row.state_since, row.stands_until = at, legal_day(at) + timedelta(days=employers.consent_days)
    try:
        row.name = names.person_name(name)
    except Invalid as refusal:
        refusal.field = "name"
        raise
    if id_type not in DocumentType.values:
        raise Invalid(field="id_type")
    try:
        document = people_queries.document(id_type, id_number, at)
    except Invalid as refusal:
        refusal.field = "id_number"
        raise
    row.id_type, row.id_blind = id_type, document.blind
    row.id_number = document.number  # type: ignore[assignment]  # the field seals it
    return row


def take_off(*, employer_id: uuid.UUID, employee_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take somebody off the employer's list: who agreed does not work there any more, who did not is asked no longer.

    Refuses (Denied) who is no clerk of it, (NotFound) who is not on its list, and (WrongState) what is over.
    """
    access.demand(by, rules.clerk, scope=str(employer_id))
    with transaction.atomic():
        row = Employee.objects.select_for_update().filter(pk=employee_id, employer_id=employer_id).first()
        if row is None:
            raise NotFound
        if row.is_agreed:
            _end(row, Side.EMPLOYER, by=by, at=at)
        else:
            EMPLOYEE.move(row, "withdraw", by=by, at=at, locked=True)


def answer(*, employee_id: uuid.UUID, agree: bool, by: Actor, at: datetime) -> None:
    """Agree that one works for an employer, with a separate consent to pass on to it what that consent's words say; or
    do not. Who declined may still agree until the last day on which they are asked.

    Refuses (NotFound) whoever was not named, and (WrongState) what is answered or over.
    """
    with transaction.atomic():
        row = _own(employee_id, by)
        if not agree:
            EMPLOYEE.move(row, "decline", by=by, at=at, locked=True)
            return
        EMPLOYEE.require(row, "agree")
        recipient, account_id = employee_queries.recipient(row.employer_id), access.account_of(by)
        kind = ConsentKind.PASSING_ON
        identity_consents.give_consent(kind=kind, account_id=account_id, recipient=recipient, by=by, at=at)
        consent = consent_queries.standing_consent(kind, account_id=account_id, recipient=recipient, at=at)
        EMPLOYEE.move(row, "agree", by=by, at=at, locked=True, consent_id=consent, agreed_at=at)


def leave(*, employee_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """End, as the person, that an employer sees anything; the consent is taken back with it. Refuses (NotFound) whoever
    was not named, and (WrongState) what is no more or was never agreed to.
    """
    with transaction.atomic():
        row = _own(employee_id, by)
        EMPLOYEE.require(row, "end")
        _end(row, Side.PERSON, by=by, at=at)


def _own(employee_id: uuid.UUID, by: Actor) -> Employee:
    """Return the locked row by which an employer named the actor."""
    row = Employee.objects.select_for_update().filter(pk=employee_id, person__isnull=False).first()
    if row is None or by.person_id is None or row.person_id != by.person_id:
        access.account_of(by)
        raise NotFound
    return row


def _end(row: Employee, side: Side, *, by: Actor, at: datetime) -> None:
    """End what both had agreed to, and the consent on which it stood."""
    consent_id = row.consent_id
    assert consent_id is not None  # the database holds it
    assert row.agreed_at is not None  # as above
    EMPLOYEE.move(row, "end", by=by, at=at, locked=True, ended_at=max(at, row.agreed_at), ended_side=side)
    identity_consents.end_consent(consent_id=consent_id, by=by, at=at, why=str(side.label))


def end_all(*, employer_id: uuid.UUID, at: datetime) -> None:
    """End everything that stands or waits between an employer and its people, as its registration ends."""
    rows = Employee.objects.select_for_update().filter(employer_id=employer_id, state__in=LIVE).order_by("pk")
    for row in rows:
        if row.is_agreed:
            _end(row, Side.EMPLOYER, by=SYSTEM, at=at)
        else:
            EMPLOYEE.move(row, "withdraw", by=SYSTEM, at=at, locked=True)


def ask(*, at: datetime) -> int:
    """Find who of the people named has an account by now, under this number and this name, and ask them; return how
    many.
    """
    waiting = employee_queries.to_ask(CHUNK)
    found = people_queries.reachable([document for _key, document in waiting])
    return sum(_ask(key, found[document], at) for key, document in waiting if document in found)


def _ask(employee_id: uuid.UUID, person: people_queries.PersonValue, at: datetime) -> int:
    with transaction.atomic():
        row = Employee.objects.select_for_update().get(pk=employee_id)
        if row.asked_at is not None or not row.is_asked or not names.same(row.name, person.name):
            return 0
        row.person_id, row.asked_at = person.id, at
        row.save(update_fields=["person", "asked_at"])
        telling.named(row, at=at)
    return 1


def settle(*, at: datetime) -> int:
    """Let what nobody answered in time be over, and end what its consent carries no longer; return how many."""
    over = [key for key in employee_queries.over(at) if _lapse(key, at)]
    unfounded = [key for key in employee_queries.without_consent() if _settle(key, at)]
    return len(over) + len(unfounded)


def _lapse(employee_id: uuid.UUID, at: datetime) -> bool:
    with transaction.atomic():
        row = Employee.objects.select_for_update().get(pk=employee_id)
        if not row.may_be_agreed or row.stands_until >= legal_day(at):
            return False
        EMPLOYEE.move(row, "lapse", by=SYSTEM, at=at, locked=True)
    return True


def _settle(employee_id: uuid.UUID, at: datetime) -> bool:
    with transaction.atomic():
        row = Employee.objects.select_for_update().get(pk=employee_id)
        if row.state != EmployeeState.AGREED:
            return False
        _end(row, Side.PERSON, by=SYSTEM, at=at)
    return True
