"""Single sign-on tickets: from the platform's host to an institution's, for one host and one browser, redeemed once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor, SignInNeeded
from kernel.errors import NotFound
from shared.records import operations as records

from .. import methods

KIND = "sign-in"
LIFETIME_SECONDS = 60


class UnknownHost(NotFound):
    """No institution is found at this host."""

    code = "unknown-host"
    message = _("No institution is known at the address from which you came.")


@dataclass(frozen=True, slots=True)
class SsoTicket:
    """Who comes over, how strongly they signed in, from which sign-in, and where they want to go."""

    account_id: uuid.UUID
    level: int
    sign_in: str
    path: str


def issue_sso_ticket(*, host: str, nonce_hash: str, path: str, sign_in: str, by: Actor, at: datetime) -> str:
    """Return the address at `host` that lets the actor in there once, within a minute, in the browser of the nonce.

    `at` is real time. Refuses (UnknownHost) a host that is no institution's.
    """
    if by.account_id is None:
        raise SignInNeeded
    if not methods.is_host(host) or tenancy.institution_at(host) is None:
        raise UnknownHost
    subject = {"account": str(by.account_id), "level": by.level, "sign_in": sign_in, "path": methods.local_path(path)}
    ticket = records.issue_ticket(
        kind=KIND, subject=subject, host=host, nonce=nonce_hash, at=at, seconds=LIFETIME_SECONDS
    )
    return methods.host_url(host, f"/sign-in/ticket/?ticket={ticket}")


def redeem_sso_ticket(*, ticket: str, host: str, nonce: str, at: datetime) -> SsoTicket:
    """Return who signs in, using the ticket up. Refuses (TicketInvalid) another host or browser, and replays."""
    subject = records.redeem_ticket(kind=KIND, token=ticket, host=host, nonce=methods.nonce_hash(nonce), at=at)
    return SsoTicket(
        account_id=uuid.UUID(subject["account"]),
        level=int(subject["level"]),
        sign_in=str(subject["sign_in"]),
        path=methods.local_path(subject["path"]),
    )
