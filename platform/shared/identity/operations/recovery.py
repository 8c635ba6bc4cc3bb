"""Recovery of accounts after a lost phone or under a wrong name: asked for by anybody, settled at a counter."""

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, crypto, reasons, tenancy
from kernel.access import Actor
from kernel.errors import Forbidden, NotFound, Refusal

from .. import adapters, methods, rules
from ..models.accounts import Account, RecoveryRequest, RoleGrant
from ..queries.accounts import find, in_force
from ..states import RECOVERY
from .accounts import IdentifierTaken, drop_second_factor
from .people import at_field, learns_at


class NotForThisCounter(Forbidden):
    """This account is not for this counter to settle."""

    code = "not-for-this-counter"
    title = _("Not for this counter")
    message = _(
        "Only people who learn or work here, and hold no other role, can be helped at this counter."
        " Send the person to the authority."
    )


class NoSuchAccount(Refusal):
    """The request names no account."""

    code = "no-such-account"
    message = _("No account is found by what the person entered. Ask for the right number or address and start again.")


def ask_recovery(*, cause: str, identifier: str, name: str, contact_address: str, words: str, at: datetime) -> str:
    """Write down that somebody asks to be let in again; return the number to be said at the counter.

    Answers alike whether or not an account is found. Refuses (Invalid) what is no identifier, address or name.
    """
    parsed = at_field("identifier", lambda: methods.identifier(identifier))
    way = at_field("contact_address", lambda: methods.identifier(contact_address))
    who = at_field("name", lambda: methods.person_name(name))
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
        if find(parsed.value) is not None:
            adapters.queue_message(parsed.value, "identity.recovery_asked", number=row.number)
    return row.number


def settle_recovery(
    *, request_id: uuid.UUID, by: Actor, reason: str, at: datetime, mobile: str = "", name: str = ""
) -> None:
    """Let the person in again, whose document was seen at the counter: the second factor goes, all sessions end.

    `mobile` replaces a lost number (a code proves it at the next sign-in), `name` corrects a wrong one. Refuses
    NotForThisCounter, NoSuchAccount, IdentifierTaken, what cannot be right (Invalid), and one's own account.
    """
    message = _("Say which document you have seen; it is written down.")
    reason = reasons.require(reason, field="reason", message=message)
    institution_id = tenancy.current_institution_id()
    with tenancy.open_public(), transaction.atomic():  # what lets people in is no institution's to touch
        request = RecoveryRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None:
            raise NotFound
        account = find(request.identifier.reveal())
        if account is None:
            raise NoSuchAccount
        account = Account.objects.select_for_update().get(pk=account.pk)
        _check_counter(account, institution_id, by, at)
        old = account.email or (account.mobile.reveal() if account.mobile else "")
        drop_second_factor(account, at=at)
        if mobile:
            _replace_mobile(account, mobile)
        if name:
            _correct_name(account, name, by=by, at=at, why=reason)
        RECOVERY.move(request, "settle", by=by, at=at, why=reason, account=account)
        audit.note("account.recover", account, by=by, at=at, why=reason, after={"mobile": bool(mobile)})
        for address in filter(None, {old, request.contact_address.reveal()}):
            adapters.queue_message(address, "identity.recovered", url=methods.platform_url("/account/password/reset/"))


def _check_counter(account: Account, institution_id: uuid.UUID | None, by: Actor, at: datetime) -> None:
    grants = list(in_force(RoleGrant.objects.filter(account=account), at))
    organisation, learns = learns_at(account.person_id, institution_id=institution_id)
    try:
        access.demand(by, rules.may_settle, account.pk, grants, learns_here=learns, organisation=organisation)
    except access.Denied:
        raise NotForThisCounter from None


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
    corrected = at_field("name", lambda: methods.person_name(name))
    if account.person is not None:
        before = {"name": account.person.name}
        account.person.name = corrected
        account.person.save(update_fields=["name"])
        audit.note(
            "person.correct-name", account.person, by=by, at=at, before=before, after={"name": corrected}, why=why
        )
    account.name = corrected
    account.save(update_fields=["name"])


def refuse_recovery(*, request_id: uuid.UUID, by: Actor, reason: str, at: datetime) -> None:
    """Refuse a request, with words that its life keeps."""
    reason = reasons.require(reason, field="reason")
    with tenancy.open_public(), transaction.atomic():
        request = RecoveryRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None:
            raise NotFound
        RECOVERY.move(request, "refuse", by=by, at=at, why=reason)
