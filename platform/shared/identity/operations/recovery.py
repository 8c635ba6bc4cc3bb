"""Recovery of accounts after a lost phone or under a wrong name: asked for by anybody, settled at a counter."""

import uuid
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, crypto, names, reasons, tenancy
from kernel.access import Actor
from kernel.errors import Forbidden, NotFound, Refusal

from .. import adapters, methods, rules
from ..models.accounts import Account, RecoveryRequest, RoleGrant
from ..queries import areas
from ..queries.accounts import find, in_force
from ..queries.people import learns_at
from ..states import RECOVERY
from .accounts import IdentifierTaken, drop_second_factor
from .closing import spread_correction
from .people import at_field


class NotForThisCounter(Forbidden):
    """This account is not for this counter to settle."""

    code = "not-for-this-counter"
    title = _("Not for this counter")
    message = _(
        "Only people who learn or work here, and hold no other role, can be helped at this counter. Send the person to"
        " the authority that answers for their institution, or to the province."
    )


class NoSuchAccount(Refusal):
    """The request names no account."""

    code = "no-such-account"
    message = _("No account is found by what the person entered. Ask for the right number or address and start again.")


class CheckMissing(Refusal):
    """An account with a role is let in by two persons, and nobody has checked yet."""

    code = "recovery-not-checked"
    message = _("This account holds a role: one person checks the document first, then another settles.")


class SecondPersonSettles(Forbidden):
    """Whoever checked does not settle."""

    code = "recovery-same-person"
    title = _("Another person settles this")
    message = _("You have checked this request; another person must settle it.")


SEEN = _("Say which document you have seen; it is written down.")


def ask_recovery(*, cause: str, identifier: str, name: str, contact_address: str, words: str, at: datetime) -> str:
    """Write down that somebody asks to be let in again; return the number to be said at the counter.

    Answers alike whether or not an account is found; one that is found is told at every address that it has. Refuses
    (Invalid) what is no identifier, address or name.
    """
    parsed = at_field("identifier", lambda: methods.identifier(identifier))
    way = at_field("contact_address", lambda: methods.identifier(contact_address))
    who = at_field("name", lambda: names.person_name(name))
    with transaction.atomic():
        row = RecoveryRequest.objects.create(
            number=methods.new_number(),
            cause=RecoveryRequest.Cause(cause),
            identifier=parsed.value,
            identifier_blind=crypto.blind(parsed.value),
            name=who,
            contact_address=way.value,
            words=words.strip()[:1000],
            made_at=at,
            state=RECOVERY.initial,
            state_since=at,
        )
        account = find(parsed.value)
        for address in _addresses(account) if account else []:  # who lost the phone may still read mail
            adapters.queue_message(address, "identity.recovery_asked", number=row.number)
    return row.number


def check_recovery(*, request_id: uuid.UUID, by: Actor, reason: str, at: datetime) -> None:
    """Confirm, as the first of two, that the person of an account with a role stood there with the document. Another
    person settles; the account is told at once, at all its addresses.

    Refuses NotForThisCounter, NoSuchAccount, (WrongState) what was checked already, and one's own account.
    """
    reason = reasons.require(reason, field="reason", message=SEEN)
    institution_id = tenancy.current_institution_id()
    with tenancy.open_public(), transaction.atomic():
        request, account = _lock(request_id)
        grants = _demand(rules.may_check, account, institution_id, by, at)
        RECOVERY.move(request, "check", by=by, at=at, why=reason, checked_by=access.account_of(by))
        audit.note("account.check-recovery", account, by=by, at=at, why=reason, after={"roles": len(grants)})
        for address in _addresses(account):
            adapters.queue_message(address, "identity.recovery_checked", number=request.number)


def settle_recovery(
    *, request_id: uuid.UUID, by: Actor, reason: str, at: datetime, mobile: str = "", name: str = ""
) -> None:
    """Let the person in again, whose document was seen at the counter: the second factor goes, sessions and tokens end.

    `mobile` replaces a lost number (a code proves it at the next sign-in), `name` corrects a wrong one; the account is
    told at every address that it had before. Refuses NotForThisCounter, NoSuchAccount, IdentifierTaken, what cannot be
    right (Invalid), one's own account, and of an account with a role SecondPersonSettles: one has checked, another
    settles.
    """
    reason = reasons.require(reason, field="reason", message=SEEN)
    institution_id = tenancy.current_institution_id()
    with tenancy.open_public(), transaction.atomic():  # what lets people in is no institution's to touch
        request, account = _lock(request_id)
        grants = _demand(rules.may_settle, account, institution_id, by, at)
        if request.is_open and grants:
            raise CheckMissing
        if access.is_self(by, request.checked_by):
            raise SecondPersonSettles
        old = _addresses(account)
        drop_second_factor(account, by=by, at=at)
        if mobile:
            _replace_mobile(account, mobile)
        if name:
            _correct_name(account, name, by=by, at=at, why=reason)
        RECOVERY.move(request, "settle", by=by, at=at, why=reason, account=account, settled_by=access.account_of(by))
        audit.note("account.recover", account, by=by, at=at, why=reason, after={"mobile": bool(mobile)})
        url = methods.platform_url("/account/password/reset/")
        for address in sorted({*old, request.contact_address.reveal()}):
            adapters.queue_message(address, "identity.recovered", url=url)


def _lock(request_id: uuid.UUID) -> tuple[RecoveryRequest, Account]:
    """Return the locked request and the locked account that it names."""
    request = RecoveryRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound
    account = find(request.identifier.reveal())
    if account is None:
        raise NoSuchAccount
    return request, Account.objects.select_for_update().get(pk=account.pk)


def _addresses(account: Account) -> list[str]:
    """Return everywhere an account is reached now: mobile and e-mail, before any of them is replaced."""
    emails = EmailAddress.objects.filter(user=account).values_list("email", flat=True)
    mobile = account.mobile.reveal() if account.mobile else ""
    return sorted({mobile, account.email or "", *emails} - {""})


def _demand(
    rule: Callable[..., bool], account: Account | None, institution_id: uuid.UUID | None, by: Actor, at: datetime
) -> list[RoleGrant]:
    """Return the account's roles, where this counter may help it; refuses (NotForThisCounter)."""
    grants = list(in_force(RoleGrant.objects.filter(account=account), at)) if account else []
    person_id, account_id = (account.person_id, account.pk) if account else (None, None)
    organisation, learns = learns_at(person_id, institution_id=institution_id)
    subject = areas.Subject(person_id, account_id)
    area = areas.areas([subject])[subject]
    try:
        access.demand(by, rule, account_id, grants, area=area, learns_here=learns, organisation=organisation)
    except access.Denied:
        raise NotForThisCounter from None
    return grants


def _replace_mobile(account: Account, mobile: str) -> None:
    parsed = at_field("mobile", lambda: methods.identifier(mobile))
    other = find(parsed.value)
    if other is not None and other.pk != account.pk:
        raise IdentifierTaken(field="mobile")
    if parsed.kind == "mobile":
        adapters.AccountAdapter().set_phone(account, parsed.value, False)
        return
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=parsed.value, primary=True, verified=False)
    account.email = parsed.value
    account.save(update_fields=["email"])


def _correct_name(account: Account, name: str, *, by: Actor, at: datetime, why: str) -> None:
    corrected = at_field("name", lambda: names.person_name(name))
    if account.person is not None:
        before = {"name": account.person.name}
        account.person.name = corrected
        account.person.save(update_fields=["name"])
        audit.note(
            "person.correct-name", account.person, by=by, at=at, before=before, after={"name": corrected}, why=why
        )
    account.name = corrected
    account.save(update_fields=["name"])
    if account.person_id is not None:
        spread_correction(account.person_id, at=at)


def refuse_recovery(*, request_id: uuid.UUID, by: Actor, reason: str, at: datetime) -> None:
    """Refuse a request, with words that its life keeps: whoever could check it or settle it.

    Refuses NotForThisCounter; what names no account is the province's and the operator's to refuse.
    """
    reason = reasons.require(reason, field="reason")
    institution_id = tenancy.current_institution_id()
    with tenancy.open_public(), transaction.atomic():
        request = RecoveryRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None:
            raise NotFound
        _demand(rules.may_check, find(request.identifier.reveal()), institution_id, by, at)
        RECOVERY.move(request, "refuse", by=by, at=at, why=reason)
