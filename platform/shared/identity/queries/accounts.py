"""Accounts, what they hold, and how they are reached."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet, UUIDField

from kernel.access import Actor, SignInNeeded
from kernel.crypto import blind
from kernel.db.statements import Bind, Figure, Statement, ask
from kernel.errors import NotFound
from kernel.pinyin import PinyinKey
from kernel.roles import Role
from shared.policy.queries import authorities

from .. import methods
from ..models.accounts import Account, ApiToken, RoleGrant


@dataclass(frozen=True, slots=True)
class AccountValue:
    """An account as others may know it."""

    id: uuid.UUID
    person_id: uuid.UUID | None
    name: str
    identifier: str  # masked


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached: whole addresses, for sending only."""

    account_id: uuid.UUID | None
    mobile: str = ""
    email: str = ""
    language: str = "zh-hans"

    def channel(self, preferred: str) -> str:
        """Return the wanted channel, the other one where only that leads there, or ""."""
        has = {"sms": self.mobile, "email": self.email}
        other = "email" if preferred == "sms" else "sms"
        return preferred if has[preferred] else other if has[other] else ""

    def address(self, channel: str) -> str:
        """Return the address for a channel."""
        return self.mobile if channel == "sms" else self.email


@dataclass(frozen=True, slots=True)
class GrantValue:
    """One role of one account, as a list of people shows it."""

    id: uuid.UUID
    account_id: uuid.UUID
    name: str
    identifier: str
    role: str
    label: str
    scope: str
    granted_at: datetime
    second_factor: bool
    joined: bool
    scope_name: str = ""


@dataclass(frozen=True, slots=True)
class TokenValue:
    """An access token without what it opens."""

    id: uuid.UUID
    name: str
    scopes: Sequence[str]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def account_value(row: Account) -> AccountValue:
    """Return an account's value."""
    return AccountValue(row.pk, row.person_id, str(row), row.masked_identifier)


def find(text: str) -> Account | None:
    """Return the open account that a mobile number or e-mail address finds; None for all else, malformed text too."""
    try:
        parsed = methods.identifier(text)
    except methods.NotAnIdentifier:
        return None
    rows = Account.objects.filter(closed_at=None)
    if parsed.kind == "mobile":
        return rows.filter(mobile_blind=blind(parsed.value)).first()
    address = EmailAddress.objects.filter(email=parsed.value, user__closed_at=None).order_by("-verified").first()
    return rows.get(pk=address.user_id) if address else None


def account_by_identifier(text: str) -> AccountValue | None:
    """Return the account that a mobile number or e-mail address finds, if there is one."""
    row = find(text)
    return account_value(row) if row else None


def own_id(actor: Actor) -> uuid.UUID:
    """Return the key of the actor's own account; refuses (SignInNeeded) nobody."""
    if actor.account_id is None:
        raise SignInNeeded
    return actor.account_id


def account(account_id: uuid.UUID) -> AccountValue:
    """Return an account; refuses (NotFound) an unknown one."""
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise NotFound
    return account_value(row)


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What somebody said when they signed up: their name, and their mobile number once a code proved it, masked."""

    name: str
    mobile: str


def signed_up(account_id: uuid.UUID) -> SignedUp:
    """Return what an account's holder need not say again; refuses (NotFound) an unknown one."""
    row = Account.objects.filter(pk=account_id).first()
    if row is None:
        raise NotFound
    return SignedUp(row.name, str(row.mobile) if row.mobile and row.mobile_verified_at else "")


def account_of(person_id: uuid.UUID) -> AccountValue | None:
    """Return the account of a person, None where there is none (any more)."""
    row = Account.objects.filter(person_id=person_id).first()
    return account_value(row) if row is not None else None


def contact_of(to: AccountValue | str) -> Contact:
    """Return how an account, or whoever is behind a mobile number or e-mail address, is reached."""
    if isinstance(to, AccountValue):
        row = Account.objects.filter(pk=to.id).first()
        if row is None:
            raise NotFound
        return _contact(row)
    parsed, row = methods.identifier(to), find(to)
    if row is None:
        return Contact(None, **{parsed.kind: parsed.value})  # type: ignore[arg-type]  # the two kinds are two of its fields
    contact = _contact(row)
    own = {"mobile": "", "email": ""} | {parsed.kind: parsed.value}
    return Contact(contact.account_id, own["mobile"], own["email"], contact.language)


def _contact(row: Account) -> Contact:
    mobile = row.mobile
    if not mobile and not row.email and row.person is not None:  # of whom two share a telephone
        mobile = row.person.mobile
    return Contact(row.pk, mobile.reveal() if mobile else "", row.email or "", row.language)


def holders(role: str, scope: str, *, at: datetime | None = None) -> list[AccountValue]:
    """Return the accounts that hold a role in a scope, now or at a moment, longest first."""
    rows = RoleGrant.objects.filter(role=role, scope=scope, account__closed_at=None).select_related("account")
    rows = in_force(rows, at) if at else rows.filter(ended_at=None)
    return [account_value(row.account) for row in rows.order_by("granted_at", "pk")]


def in_force(rows: QuerySet[RoleGrant], at: datetime | Bind) -> QuerySet[RoleGrant]:
    """Narrow grants to those in force at a moment."""
    return rows.filter(granted_at__lte=at).exclude(ended_at__lte=at)


def grants_in(scope: str | None, roles: Sequence[str]) -> list[GrantValue]:
    """Return who holds these roles now in a scope (None: in any), by role and name."""
    rows = RoleGrant.objects.filter(role__in=roles, ended_at=None).select_related("account")
    rows = rows.order_by(PinyinKey("account__name", person=True), "account_id", "pk")
    if scope is not None:
        rows = rows.filter(scope=scope)
    grants = list(rows)
    strong = set(
        Authenticator.objects.filter(
            user_id__in={g.account_id for g in grants}, type=Authenticator.Type.TOTP
        ).values_list("user_id", flat=True)
    )
    order = {role: place for place, role in enumerate(Role.values)}
    grants.sort(key=lambda g: order[g.role])
    offices = {a.code: a.office_label for a in authorities.authorities()} if scope is None else {}
    return [_grant_value(g, g.account_id in strong, offices) for g in grants]


def _grant_value(row: RoleGrant, second_factor: bool, offices: Mapping[str, str]) -> GrantValue:
    return GrantValue(
        id=row.pk,
        account_id=row.account_id,
        name=str(row.account),
        identifier=row.account.masked_identifier,
        role=row.role,
        label=str(row.get_role_display()),
        scope=row.scope,
        granted_at=row.granted_at,
        second_factor=second_factor,
        joined=row.account.last_login is not None,
        scope_name=offices.get(row.scope, ""),
    )


_FACTORS = Statement(
    lambda: Authenticator.objects.filter(
        user_id=Bind("account", UUIDField()), type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    )
)


def has_second_factor(account_id: uuid.UUID) -> bool:
    """Say whether an account has an authenticator or a passkey; recovery codes alone are none."""
    return not ask(second_factor_missing(account_id))[0]


def second_factor_missing(account_id: uuid.UUID) -> Figure:
    """Return the opposite, to be asked beside other things."""
    return _FACTORS.missing(account=account_id)


def has_passkey_only(account_id: uuid.UUID) -> bool:
    """Say whether an account's second factor is a passkey and no authenticator."""
    kinds = set(Authenticator.objects.filter(user_id=account_id).values_list("type", flat=True))
    return Authenticator.Type.WEBAUTHN in kinds and Authenticator.Type.TOTP not in kinds


def tokens_of(account_id: uuid.UUID) -> list[TokenValue]:
    """Return an account's access tokens, newest first."""
    rows = ApiToken.objects.filter(account_id=account_id).order_by("-made_at")
    return [TokenValue(t.pk, t.name, tuple(t.scopes), t.made_at, t.expires_at, t.revoked_at) for t in rows]
