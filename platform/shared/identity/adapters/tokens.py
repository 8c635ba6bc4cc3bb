"""Tokens for machines end with what they rest on: a password that is forgotten, a second factor that is taken away."""

from datetime import datetime
from typing import Any

from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from kernel import audit, clock
from kernel.access import SECOND_FACTOR, Actor

from ..models.accounts import Account, ApiToken


def end_tokens(account: Account, *, by: Actor, at: datetime, level: int = 0) -> int:
    """Revoke an account's tokens of this level and above, in the open transaction; return how many: a machine acts as
    the session did in which its token was made, and whoever came in by that session may have made it.
    """
    rows = list(ApiToken.objects.select_for_update().filter(account=account, revoked_at=None, level__gte=level))
    for row in rows:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        audit.note("token.revoke", row, by=by, at=at)
    return len(rows)


@receiver(authenticator_removed, dispatch_uid="identity.weaken-tokens")
def end_strong_tokens(request: HttpRequest, user: Account, **_signal: Any) -> None:
    """When the last second factor was taken away, no token counts as strong any more."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    if not Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists():
        _end_own(user, level=SECOND_FACTOR)


@receiver(password_reset, dispatch_uid="identity.forgotten")
def end_tokens_of_forgotten(request: HttpRequest, user: Account, **_signal: Any) -> None:
    """When a password is set anew by a link, who knew the old one is out: by tokens, too, that were made with it."""
    _end_own(user)


def _end_own(account: Account, *, level: int = 0) -> None:
    with transaction.atomic():
        end_tokens(account, by=Actor(account.pk, account.person_id, str(account)), at=clock.real_now(), level=level)
