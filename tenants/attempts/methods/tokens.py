"""The bearer token of one test page: which attempt, under which lease, in which schema, until when.

It does not depend on the web session: somebody whose sign-in expires in mid-test goes on writing.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.core import signing

_SALT = "nuoxing.exams.attempt"
MOST_ADDED = timedelta(hours=10)  # of all the time that is added to one attempt
TOKEN_GRACE = MOST_ADDED + timedelta(hours=14)  # added time and holds lie within; it opens nothing but its own attempt


class BadToken(ValueError):
    """The token was not made here, was changed, or has expired."""


@dataclass(frozen=True, slots=True)
class Token:
    """The content of a token."""

    attempt_id: uuid.UUID
    epoch: int
    schema: str
    expires: datetime

    @property
    def key(self) -> str:
        """Return the attempt's key as addresses have it."""
        return str(self.attempt_id)


def mint(token: Token) -> str:
    """Return the signed text of a token."""
    value = [token.attempt_id.hex, token.epoch, token.schema, int(token.expires.timestamp())]
    return signing.dumps(value, salt=_SALT, compress=False)


def read_token(text: str, now: datetime) -> Token:
    """Return what a token says; BadToken where it says nothing now."""
    token = _unsigned(text)
    if token.expires <= now:
        raise BadToken("expired")
    return token


@lru_cache(maxsize=20_000)
def _unsigned(text: str) -> Token:
    """Check the signature once per token: a page sends the same one with every answer."""
    try:
        attempt, epoch, schema, expires = signing.loads(text, salt=_SALT)
        return Token(uuid.UUID(attempt), int(epoch), str(schema), datetime.fromtimestamp(expires, UTC))
    except (signing.BadSignature, ValueError, TypeError) as fault:
        raise BadToken(str(fault)) from None
