"""Accounts: made, invited, given and rid of a second factor, signed out."""

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, crypto, names, tenancy
from kernel.access import Actor, Denied
from kernel.errors import Forbidden, NotFound, Refusal
from kernel.fields import Sealed
from kernel.web.sessions import SessionStore

from .. import adapters, methods
from ..models.accounts import Account, RoleGrant, SignIn
from ..models.consents import Consent
from ..queries import accounts as account_queries
from ..queries import consents as identity_consent_queries
from ..queries.accounts import find
from ..states import ConsentKind
from . import additions
from . import consents as identity_consents


class IdentifierTaken(Refusal):
    """An account with this mobile number or e-mail address exists."""

    code = "identifier-taken"
    message = _("This mobile number or e-mail address cannot be used. If it is yours, sign in or recover the account.")


class InvitationGone(Forbidden):
    """The invitation was used, has expired, or was replaced."""

    code = "invitation-gone"
    title = _("This invitation cannot be used")
    message = _("This invitation was used already or has expired. Sign in, or ask for a new one.")


def account_row(*, identifier: str, name: str, verified: bool, at: datetime) -> tuple[Account, EmailAddress | None]:
    """Return an account that nobody has signed in to yet, not saved, and its address where it goes by one; refuses
    (NotAnIdentifier) what is none. Its password cannot be used until one is set.
    """
    parsed = methods.identifier(identifier)
    account = Account(name=name.strip()[:60], made_at=at, language=adapters.language())
    account.set_unusable_password()
    if parsed.kind == "email":
        account.email = parsed.value
        return account, EmailAddress(user=account, email=parsed.value, primary=True, verified=verified)
    account.mobile, account.mobile_blind = Sealed.of(parsed.value, "mobile"), crypto.blind(parsed.value)  # type: ignore[assignment]  # sealed as the field does
    account.mobile_verified_at = at if verified else None
    return account, None


def new_account(*, identifier: str, name: str, password: str | None, verified: bool, at: datetime) -> Account:
    """Save a new account in the open transaction; refuses (IdentifierTaken) one that is found already."""
    account, email = account_row(identifier=identifier, name=name, verified=verified, at=at)
    account.set_password(password)
    if find(identifier) is not None:
        raise IdentifierTaken(field="identifier")
    try:
        with transaction.atomic():
            additions.add_people(accounts=[account], addresses=[email] if email else [])
    except IntegrityError:
        raise IdentifierTaken(field="identifier") from None
    return account


def register_account(
    *, identifier: str, password: str, name: str, at: datetime, verified: bool = True
) -> account_queries.AccountValue:
    """Make an account whose identifier counts as proven (demonstration, tests, imports; people sign up by code).

    Refuses what is no identifier (NotAnIdentifier) and one that is taken (IdentifierTaken).
    """
    with transaction.atomic():
        with tenancy.open_public():  # an account with a password is no institution's to add
            account = new_account(identifier=identifier, name=name, password=password, verified=verified, at=at)
        by = Actor(account.pk, None, str(account))
        audit.note("account.register", account, by=by, at=at, after={"name": account.name})
    return account_queries.account_value(account)


def is_taken(identifier: str) -> bool:
    """Say whether an account is found by an identifier. For the sign-up form, which must not show it."""
    return find(identifier) is not None


def is_unverified(account_id: uuid.UUID) -> bool:
    """Say whether somebody began this account with a password and never proved that the identifier is theirs."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not account.has_usable_password() or account.mobile_verified_at is not None:
        return False
    return not EmailAddress.objects.filter(user=account, verified=True).exists()


def delete_unverified(*, identifier: str) -> None:
    """Remove an account that was begun with this identifier, never proved and never used, so that its owner may begin.

    Accounts that hold a role, belong to a person or were ever signed in to stay.
    """
    with transaction.atomic():
        account = find(identifier)
        if account is None or account.last_login is not None or account.person_id is not None:
            return
        if not is_unverified(account.pk) or RoleGrant.objects.filter(account=account).exists():
            return
        Consent.objects.filter(account=account).delete()
        account.delete()


def record_sign_up(*, account_id: uuid.UUID, name: str, at: datetime) -> None:
    """Keep the name and the consent of who has just signed up."""
    with transaction.atomic():
        account = _lock_account(account_id)
        account.name, account.language, account.made_at = names.person_name(name), adapters.language(), at
        account.save(update_fields=["name", "language", "made_at"])
        by = Actor(account.pk, None, str(account))
        version = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
        identity_consents.record_consent(account, ConsentKind.PRIVACY_NOTICE, version, by=by, at=at)
        audit.note("account.sign-up", account, by=by, at=at)


def invited_account(*, account_id: uuid.UUID, token: str) -> account_queries.AccountValue:
    """Return the account that an invitation's link is for; refuses (InvitationGone) as `accept_invitation` does."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None or not adapters.invitations.check_token(account, token):
        raise InvitationGone
    return account_queries.account(account_id)


def accept_invitation(
    *, account_id: uuid.UUID, token: str, password: str, at: datetime
) -> account_queries.AccountValue:
    """Set an invited account's first password; the link having come to it, its identifier counts as proven.

    Refuses (InvitationGone) a token that was used, has expired or belongs to another account.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None or not adapters.invitations.check_token(account, token):
            raise InvitationGone
        account.set_password(password)
        if account.mobile is not None:
            account.mobile_verified_at = at
        account.save(update_fields=["password", "mobile_verified_at"])
        EmailAddress.objects.filter(user=account, email=account.email).update(verified=True)
        audit.note("account.join", account, by=Actor(account.pk, account.person_id, str(account)), at=at)
    return account_queries.account(account_id)


def _lock_account(account_id: uuid.UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


def set_totp(*, account_id: uuid.UUID, secret: str, by: Actor, at: datetime) -> None:
    """Give an account an authenticator with a known secret (base32); for demonstrations and tests only.

    Refuses (Denied) anybody but the platform itself.
    """
    access.demand(by, access.is_platform)
    with transaction.atomic():
        account = _lock_account(account_id)
        Authenticator.objects.filter(user=account).delete()
        TOTP.activate(account, secret)
        RecoveryCodes.activate(account)
        audit.note("account.set-second-factor", account, by=by, at=at)


def totp_secret(account_id: uuid.UUID) -> str | None:
    """Return an account's authenticator secret, in a demonstration only; refuses (Denied) anywhere else."""
    if not settings.NUOXING_DEMO:
        raise Denied
    row = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).first()
    return adapters.MfaAdapter().decrypt(row.data["secret"]) if row else None


def drop_second_factor(account: Account, *, by: Actor, at: datetime) -> None:
    """Take away an account's authenticator and recovery codes in the open transaction, and end its sessions and its
    tokens for machines.
    """
    Authenticator.objects.filter(user=account).delete()
    SignIn.objects.filter(account=account, ended_at=None).update(ended_at=at)
    adapters.end_tokens(account, by=by, at=at)


def sign_out_everywhere(*, account_id: uuid.UUID, by: Actor, at: datetime) -> int:
    """End all sessions of one's own account, at all hosts; return how many sign-ins ended. Refuses (Denied) others."""
    access.demand(by, access.is_self, account_id)
    with transaction.atomic():
        account = _lock_account(account_id)
        count = SignIn.objects.filter(account=account, ended_at=None).update(ended_at=at)
        audit.note("account.sign-out-everywhere", account, by=by, at=at, after={"ended": count})
    return count


def clear_sessions() -> int:
    """Remove sessions that have expired in real time; return how many."""
    removed, _by_type = SessionStore.get_model_class().objects.filter(expire_date__lt=clock.real_now()).delete()
    return int(removed)
