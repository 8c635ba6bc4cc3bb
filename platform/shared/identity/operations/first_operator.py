"""The first operator: how a platform that nobody operates yet is begun, from its own command line."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, names
from kernel.access import Actor
from kernel.errors import Refusal
from kernel.roles import Role

from .. import adapters, methods
from ..models.accounts import Account, RoleGrant
from ..queries.accounts import find
from .accounts import new_account
from .people import at_field
from .roles import grant_role


class OperatorExists(Refusal):
    """The platform has an operator who has come in; every further one is invited by that one."""

    code = "operator-exists"
    message = _("This platform has an operator already. Further ones are invited on the page “Officers”.")


class AccountInUse(Refusal):
    """The identifier belongs to an account that is in use."""

    code = "account-in-use"
    message = _("An account with this number or address is in use already. Name another one for the first operator.")


def name_first_operator(*, identifier: str, name: str, by: Actor, at: datetime) -> str:
    """Make the account of the first operator and return the link by which its person sets the password, for whoever
    stands at the server: no gateway needs to be there yet. As long as the person has not come in, the same words give
    a new link.

    Refuses (Denied) anybody but the platform itself, (OperatorExists) where another is operator or this one has come
    in, and (AccountInUse) an account that is there for something else.
    """
    access.demand(by, access.is_platform)
    parsed = at_field("identifier", lambda: methods.identifier(identifier))
    with transaction.atomic():
        _lock()
        account = find(parsed.value)
        operators = RoleGrant.objects.filter(role=Role.PLATFORM_OPERATOR, ended_at=None)
        waits = account is not None and not account.has_usable_password()
        if operators.exclude(account=account).exists() or (operators.exists() and not waits):
            raise OperatorExists
        if account is not None and not operators.exists():
            raise AccountInUse(field="identifier")
        if account is None:
            account = _new_operator(parsed.value, name, by=by, at=at)
        return _link(account)


def _lock() -> None:
    """Let two who begin at once not both be first; the trigger that keeps the last operator takes the same lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity_keep_operator'))")


def _new_operator(identifier: str, name: str, *, by: Actor, at: datetime) -> Account:
    person = at_field("name", lambda: names.person_name(name))
    account = new_account(identifier=identifier, name=person, password=None, verified=False, at=at)
    audit.note("account.invite", account, by=by, at=at, after={"role": Role.PLATFORM_OPERATOR, "scope": ""})
    grant_role(account_id=account.pk, role=Role.PLATFORM_OPERATOR, scope="", by=by, at=at)
    return account


def _link(account: Account) -> str:
    token = adapters.invitations.make_token(account)
    path = reverse("identity:invitation", settings.PUBLIC_SCHEMA_URLCONF, args=[account.pk, token])
    return methods.platform_url(path)
