"""Corrections decided, accounts closed for good, and what is overwritten when its time is over."""

import secrets
import uuid
from collections.abc import Callable, Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, crypto, idnumbers, names, tenancy
from kernel.access import Actor
from kernel.errors import NotFound, Refusal
from kernel.hooks import Hook

from .. import methods
from ..models.accounts import Account, ApiToken, RecoveryRequest, RoleGrant, SignIn
from ..models.people import Person
from ..queries.accounts import in_force
from ..states import DocumentType, RecoveryState
from .people import NumberTaken, at_field, demand_reveal

person_corrected: Hook[Callable[[uuid.UUID, datetime], None]] = Hook(
    "identity.person-corrected",
    "Is given a person whose name or number was corrected in the register and the time; writes the register's name into"
    " what is not final, or asks for it in the institutions' schemas. What is final stays as it was.",
)
ERASED_TEXT = "—"
"""What stands where a name was."""


class RolesHeld(Refusal):
    """An account with a role is not closed; the role ends first."""

    code = "roles-held"
    message = _("This account holds a role. Whoever gave it must end it first.")


def correct_person(
    *, person_id: uuid.UUID, by: Actor, why: str, at: datetime, name: str = "", id_number: str = ""
) -> None:
    """Correct a person's name or document number on the word of a counter or an officer, who saw the document.

    Sex and birthday follow a resident's number. Refuses (Denied) who may not see the number either, (Invalid) what
    cannot be right, (NumberTaken) a number of somebody else, (NotFound) nobody.
    """
    with transaction.atomic():
        with tenancy.open_public():  # people are no institution's to change
            person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise NotFound
        demand_reveal(person_id, by)
        before = {"name": person.name, "id": str(person.id_number)}
        if name:
            person.name = at_field("wanted", lambda: names.person_name(name))
        if id_number:
            _correct_number(person, id_number, at)
        _save_corrected(person)
        after = {"name": person.name, "id": str(person.id_number)}
        audit.note("person.correct", person, by=by, at=at, before=before, after=after, why=why)
        spread_correction(person.pk, at=at)


def spread_correction(person_id: uuid.UUID, *, at: datetime) -> None:
    """Let whoever has written a person's name down write the register's into what is not final."""
    with tenancy.open_public():
        for function in person_corrected.functions():
            function(person_id, at)


def check_correction(*, person_id: uuid.UUID, at: datetime, name: str = "", id_number: str = "") -> None:
    """Refuse (Invalid) at the field a name or a number that could be nobody's, before anybody is asked to decide."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    if name:
        at_field("wanted", lambda: names.person_name(name))
    if id_number:
        _correct_number(person, id_number, at)


def _save_corrected(person: Person) -> None:
    with tenancy.open_public():  # as above
        Account.objects.filter(person=person).update(name=person.name)
        try:
            with transaction.atomic():
                person.save(update_fields=["name", "id_number", "id_blind", "born", "sex"])
        except IntegrityError:
            raise NumberTaken(field="wanted") from None
        person.refresh_from_db()


def _correct_number(person: Person, text: str, at: datetime) -> None:
    if person.id_type in (DocumentType.RESIDENT, DocumentType.PERMANENT_RESIDENCE):
        resident = at_field("wanted", lambda: idnumbers.resident_id(text, on=clock.legal_day(at)))
        number, person.born, person.sex = resident.number, resident.born, resident.sex
    else:
        number = at_field("wanted", lambda: methods.document_number(person.id_type, text))
    person.id_number = number  # type: ignore[assignment]  # the field seals it
    person.id_blind = crypto.blind(methods.blind_text(person.id_type, number))


def close_account(*, account_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Close one's own account for good: names, addresses and every key are overwritten or gone, all sessions end.

    What the law keeps hangs on the person, not on the account. Refuses (Denied) anybody else, (RolesHeld).
    """
    access.demand(by, access.is_self, account_id)
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id, closed_at=None).first()
        if account is None:
            raise NotFound
        if in_force(RoleGrant.objects.filter(account=account), at).exists():
            raise RolesHeld
        Authenticator.objects.filter(user=account).delete()
        EmailAddress.objects.filter(user=account).delete()
        SignIn.objects.filter(account=account, ended_at=None).update(ended_at=at)
        ApiToken.objects.filter(account=account).update(name=ERASED_TEXT)
        ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
        account.set_unusable_password()
        account.name, account.email, account.closed_at = ERASED_TEXT, None, at
        account.mobile = account.mobile_blind = account.mobile_verified_at = None
        person_id, account.person = account.person_id, None
        contact = ("mobile", "mobile_blind", "mobile_verified_at")
        account.save(update_fields=["name", "email", "closed_at", "password", "person", *contact])
        if person_id is not None:
            Person.objects.filter(pk=person_id).update(mobile=None, mobile_blind=None)
        who = Actor(account_id, person_id, ERASED_TEXT, by.level, by.grants)
        audit.note("account.close", account, by=who, at=at, after={"person_id": str(person_id or "")})


def erase_person(*, person_id: uuid.UUID, by: Actor, at: datetime, why: str) -> bool:
    """Overwrite a person whom the law keeps no longer and who has no account; return whether there was anything."""
    with transaction.atomic():
        rows = Person.objects.select_for_update(of=("self",)).filter(pk=person_id, account=None)
        person = rows.exclude(name=ERASED_TEXT).first()
        if person is None:
            return False
        person.name, person.id_number, person.id_blind = ERASED_TEXT, ERASED_TEXT, secrets.token_bytes(32)  # type: ignore[assignment]  # as above
        person.born, person.sex, person.mobile, person.mobile_blind = None, "", None, None
        person.save(update_fields=["name", "id_number", "id_blind", "born", "sex", "mobile", "mobile_blind"])
        audit.note("person.erase", person, by=by, at=at, why=why)
    return True


def erase_recoveries(*, ids: Collection[uuid.UUID]) -> int:
    """Overwrite who asked to be let in again, in requests that were settled; return how many."""
    blank = {
        "identifier": ERASED_TEXT,
        "identifier_blind": crypto.blind(ERASED_TEXT),
        "name": ERASED_TEXT,
        "contact_address": ERASED_TEXT,
        "words": "",
    }
    rows = RecoveryRequest.objects.filter(pk__in=ids).exclude(state=RecoveryState.OPEN).exclude(name=ERASED_TEXT)
    return rows.update(**blank)


def erase_sign_ins(*, ids: Collection[uuid.UUID]) -> int:
    """Remove the log lines of sign-ins that have ended; return how many."""
    return SignIn.objects.filter(pk__in=ids, ended_at__isnull=False).delete()[0]
