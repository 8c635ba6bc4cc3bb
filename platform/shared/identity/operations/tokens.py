"""Access tokens for machines."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, SignInNeeded
from kernel.errors import Invalid, NotFound

from .. import methods
from ..models.accounts import ApiToken

MAX_DAYS = 365
SCOPES = ("read", "write")


def make_token(*, name: str, scopes: Sequence[str], days: int, by: Actor, at: datetime) -> str:
    """Make a token by which a machine acts as the actor, as strongly as the present session; it is shown only once.

    `at` is real time. Refuses (Invalid) unknown scopes and a life of more than a year.
    """
    if by.account_id is None:
        raise SignInNeeded
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid(_("Choose what the token may do."), field="scopes")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(_("A token lives between 1 and 365 days."), field="days")
    token = methods.new_token()
    with transaction.atomic():
        row = ApiToken.objects.create(
            account_id=by.account_id,
            name=name.strip()[:60],
            digest=methods.digest(token),
            scopes=sorted(set(scopes)),
            level=by.level,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        audit.note("token.make", row, by=by, at=at, after=audit.values(row, "name", "scopes", "expires_at"))
    return token


def revoke_token(*, token_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Revoke one of the actor's own tokens; refuses (NotFound) anybody else's."""
    if by.account_id is None:
        raise SignInNeeded
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().filter(pk=token_id, account_id=by.account_id).first()
        if row is None:
            raise NotFound
        if row.revoked_at is None:
            row.revoked_at = at
            row.save(update_fields=["revoked_at"])
            audit.note("token.revoke", row, by=by, at=at)
