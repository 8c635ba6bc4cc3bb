"""Roles: granted, ended, and people invited into them."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, tenancy
from kernel.access import Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, UNSCOPED_ROLES, Role
from kernel.web.http import address as page_address
from shared.policy.queries import authorities

from .. import adapters, methods, rules
from ..models.accounts import Account, RoleGrant
from ..queries import accounts as account_queries
from ..queries import people as people_queries
from ..queries.accounts import find
from . import additions
from .accounts import new_account
from .people import at_field


class AlreadyGranted(Refusal):
    """The account holds this role here."""

    code = "already-granted"
    message = _("This account holds this role here already.")


class LastPrincipal(Refusal):
    """An organisation is never without a principal."""

    code = "last-principal"
    message = _("This is the last principal. Name another one first.")


class LastOperator(Refusal):
    """The platform is never without an operator."""

    code = "last-operator"
    message = _("This is the last operator. Name another one first.")


def _check_scope(role: str, scope: str) -> str:
    """Return the scope as it is kept; refuses (Invalid) one that does not fit the role."""
    if role not in Role.values:
        raise Invalid(_("There is no such role."), field="role")
    if role in AUTHORITY_ROLES:
        return authorities.authority(scope).code
    if role in UNSCOPED_ROLES:
        if scope:
            raise Invalid(_("This role has no scope."), field="scope")
        return ""
    try:
        return str(uuid.UUID(scope))
    except ValueError:
        raise Invalid(_("This role belongs to an organisation."), field="scope") from None


def grant_role(*, account_id: uuid.UUID, role: str, scope: str, by: Actor, at: datetime) -> uuid.UUID:
    """Grant a role from `at` on; return the grant. Principals grant their own staff, clerks other clerks of their
    employer, the operator all else.

    Refuses Denied to others, Invalid where the scope does not fit, AlreadyGranted where it is held.
    """
    access.demand(by, rules.may_grant, role, scope)
    scope = _check_scope(role, scope)
    row = RoleGrant(account_id=account_id, role=role, scope=scope, granted_at=at, granted_by=by.account_id)
    with transaction.atomic():
        if not Account.objects.filter(pk=account_id).exists():
            raise NotFound
        try:
            with transaction.atomic():
                additions.add_roles([row])
        except IntegrityError:
            raise AlreadyGranted(field="role") from None
        audit.note("role.grant", row, by=by, at=at, after=audit.values(row, "account_id", "role", "scope"))
    return row.pk


def end_grant(*, grant_id: uuid.UUID, by: Actor, at: datetime, why: str = "") -> None:
    """End a role from `at` on; twice is harmless. Refuses Denied, LastPrincipal to the principals themselves, and
    LastOperator to everybody.
    """
    with transaction.atomic():
        row = _lock_grant(grant_id)
        access.demand(by, rules.may_end, row.role, row.scope)
        if row.ended_at is not None:
            return
        if row.role == Role.PRINCIPAL and rules.principal(by, scope=row.scope):
            grants = RoleGrant.objects.select_for_update().filter(role=row.role, scope=row.scope, ended_at=None)
            if len(grants.order_by("pk")) == 1:
                raise LastPrincipal
        if row.role == Role.PLATFORM_OPERATOR:
            _keep_an_operator()
        row.ended_at, row.ended_by = max(at, row.granted_at), by.account_id
        row.save(update_fields=["ended_at", "ended_by"])
        audit.note("role.end", row, by=by, at=at, after=audit.values(row, "account_id", "role", "scope"), why=why)


def _lock_grant(grant_id: uuid.UUID) -> RoleGrant:
    """Return a locked grant; with an operator's all of them, in one order, so that two cannot end each other's."""
    row = RoleGrant.objects.filter(pk=grant_id).first()
    if row is None:
        raise NotFound
    if row.role == Role.PLATFORM_OPERATOR:
        list(RoleGrant.objects.select_for_update().filter(role=row.role, ended_at=None).order_by("pk"))
    locked = RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if locked is None:  # an institution sees other organisations' roles, and may lock its own alone
        raise NotFound
    return locked


def _keep_an_operator() -> None:
    """Refuse (LastOperator) where one operator is left; `_lock_grant` has locked them."""
    if RoleGrant.objects.filter(role=Role.PLATFORM_OPERATOR, ended_at=None).count() == 1:
        raise LastOperator


def end_role(*, account_id: uuid.UUID, role: str, scope: str, by: Actor, at: datetime, why: str = "") -> None:
    """End an account's role in a scope; refuses (NotFound) where it is not held."""
    row = RoleGrant.objects.filter(account_id=account_id, role=role, scope=scope, ended_at=None).first()
    if row is None:
        raise NotFound
    end_grant(grant_id=row.pk, by=by, at=at, why=why)


def invite(
    *, identifier: str, name: str, role: str, scope: str, by: Actor, at: datetime
) -> account_queries.AccountValue:
    """Give somebody a role, making the account if there is none, and send word with the way in.

    Inviting again who has not come yet sends the link again. Refuses as `grant_role` does, and what is no identifier.
    """
    access.demand(by, rules.may_grant, role, scope)
    parsed = at_field("identifier", lambda: methods.identifier(identifier))
    with transaction.atomic():
        account = find(parsed.value)
        if account is None:
            account = new_account(identifier=parsed.value, name=name, password=None, verified=False, at=at)
            audit.note("account.invite", account, by=by, at=at, after={"role": role, "scope": scope})
        waits = not account.has_usable_password()
        has_role = RoleGrant.objects.filter(account=account, role=role, scope=scope, ended_at=None).exists()
        if not (has_role and waits):
            grant_role(account_id=account.pk, role=role, scope=scope, by=by, at=at)
        _notify_grant(account, parsed.value, role, scope, waits)
    return account_queries.account(account.pk)


def _notify_grant(account: Account, address: str, role: str, scope: str, waits: bool) -> None:
    label, name = str(Role(role).label), scope_name(role, scope)
    if waits:
        token = adapters.invitations.make_token(account)
        link = reverse("identity:invitation", settings.PUBLIC_SCHEMA_URLCONF, args=[account.pk, token])
        adapters.queue_message(address, "identity.invitation", url=methods.platform_url(link), role=label, at=name)
    else:
        home = methods.platform_url(page_address("home"))
        adapters.queue_message(address, "identity.granted", channels=("in_app", "sms"), url=home, role=label, at=name)


def scope_name(role: str, scope: str) -> str:
    """Return the name of what a role is held in, in the active language."""
    if role in AUTHORITY_ROLES:
        return authorities.authority(scope).office_label
    if role in STAFF_ROLES:
        places = tenancy.institution_hosts(organisation_ids=[uuid.UUID(scope)])
        return places[0].name if places else ""
    if role == Role.EMPLOYER_CLERK:
        return people_queries.employer(uuid.UUID(scope)).name
    return ""
