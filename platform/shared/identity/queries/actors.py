"""Actors: who is acting in a request, by session, or by access token on API paths."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import DateTimeField, UUIDField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import clock, tenancy
from kernel.access import ANONYMOUS, SECOND_FACTOR, Actor, Grant
from kernel.db.statements import Bind, Statement
from kernel.errors import Forbidden, NotFound

from .. import adapters, methods
from ..models.accounts import Account, ApiToken, RoleGrant, SignIn
from .accounts import in_force

SAFE = ("GET", "HEAD", "OPTIONS")


class TokenRefused(Forbidden):
    """The access token is unknown, expired or revoked, or may not do this."""

    code = "token-refused"
    status = 401
    title = _("Access token refused")
    message = _("This access token is unknown, has expired or was revoked.")


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting: the session's account with its grants, the token's, or nobody. At most two queries.

    A session whose sign-in has ended (signed out at another host, second factor reset) is closed here, and so is one of
    an account with a role that nobody used for long; a request marked `passive` is no use (a socket's own question).
    Refuses (TokenRefused) a token that does not open or may only read.
    """
    if request.path.startswith("/api/") and request.headers.get("Authorization", "").startswith("Bearer "):
        return _by_token(request)
    account = request.user
    if not isinstance(account, Account) or not account.is_authenticated:
        return ANONYMOUS
    key = request.session.get("sign_in")
    sign_in = _SIGN_IN.first(id=uuid.UUID(key)) if key else None
    if key and (sign_in is None or sign_in.ended_at is not None):
        return _leave(request, idle=sign_in is not None and sign_in.idle)
    actor = _actor(account, level_of(request, account), request)
    if sign_in is not None and actor.grants:  # trainees stay signed in: they read and listen for long
        now = clock.real_now()
        if adapters.end_idle(sign_in, at=now):
            return _leave(request, idle=True)
        if not getattr(request, "passive", False):
            adapters.record_use(sign_in, at=now)
    return actor


def acting(account_id: uuid.UUID, at: datetime) -> Actor:
    """Return somebody as whom a task goes on with what they asked for after a second factor: with the roles that they
    have by now. Refuses (NotFound) an account that was closed.
    """
    account = Account.objects.filter(pk=account_id, closed_at=None).first()
    if account is None:
        raise NotFound
    rows = in_force(RoleGrant.objects.filter(account_id=account_id), at).values_list("role", "scope")
    grants = frozenset(Grant(role, scope) for role, scope in rows)
    return Actor(account.pk, account.person_id, str(account), SECOND_FACTOR, grants)


def _leave(request: HttpRequest, *, idle: bool) -> Actor:
    """Close the session of a sign-in that has ended; where one signs in, say that it was not used for long."""
    logout(request)
    if idle and tenancy.in_public():
        words = _("You were signed out because nothing was done for %(minutes)s minutes. Please sign in again.")
        messages.info(request, words % {"minutes": settings.NUOXING_STAFF_IDLE_MINUTES}, fail_silently=True)
    return ANONYMOUS


def level_of(request: HttpRequest, account: Account) -> int:
    """Return how strongly the session's person showed who they are: 1 by password or code, 2 with a second factor."""
    if adapters.has_shown_second_factor(request, account):
        return SECOND_FACTOR
    return int(request.session.get("level", 1))


_SIGN_IN = Statement(lambda: SignIn.objects.filter(pk=Bind("id", UUIDField())))
_GRANTS = Statement(
    lambda: in_force(
        RoleGrant.objects.filter(account_id=Bind("account", UUIDField())), Bind("at", DateTimeField())
    ).values_list("role", "scope")
)


def _actor(account: Account, level: int, request: HttpRequest) -> Actor:
    now = getattr(request, "now", None) or clock.now()
    grants = frozenset(Grant(role, scope) for role, scope in _GRANTS.fetch(account=account.pk, at=now))
    return Actor(account.pk, account.person_id, str(account), level, grants)


def _by_token(request: HttpRequest) -> Actor:
    token = request.headers["Authorization"].removeprefix("Bearer ").strip()
    row = ApiToken.objects.select_related("account").filter(digest=methods.digest(token), revoked_at=None).first()
    if row is None or row.expires_at <= clock.real_now() or not row.account.is_active:
        raise TokenRefused
    if request.method not in SAFE and "write" not in row.scopes:
        raise TokenRefused(_("This access token may only read."))
    request.by_token = True  # type: ignore[attr-defined]  # kernel.web.authentication asks no CSRF token of a machine
    request.user = row.account
    return _actor(row.account, row.level, request)
