"""Codes to a telephone that is not an account's: sent by SMS, entered within minutes, a few tries for each.

Whoever asks for one keeps what `send_code` returns with what waits for the code; the code itself is nowhere kept.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account import app_settings
from allauth.core.internal.cryptokit import normalize_user_code
from django.utils.crypto import constant_time_compare

from kernel import crypto, idnumbers

from .. import adapters
from .people import at_field

MOST_TRIES: int = app_settings.PHONE_VERIFICATION_MAX_ATTEMPTS
"""As for the codes with which somebody signs in."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """What is kept of a code that was sent: to which number, its keyed digest, and until when it counts."""

    mobile: str
    digest: bytes
    expires_at: datetime


def send_code(*, mobile: str, field: str = "mobile", at: datetime) -> SentCode:
    """Send a new code to a mobile number; refuses (NotAMobile) what is none at its field, and (TooManyMessages) one
    code too many to this number, from this caller or altogether.
    """
    digits = at_field(field, lambda: idnumbers.mobile(mobile))
    code = adapters.AccountAdapter().generate_phone_verification_code(user=None, phone=digits)
    adapters.send_code(digits, code)
    life = timedelta(seconds=app_settings.PHONE_VERIFICATION_TIMEOUT)
    return SentCode(digits, _digest(digits, code), at + life)


def is_right(sent: SentCode, code: str, *, at: datetime) -> bool:
    """Say whether this is the code that was sent, and still counts."""
    return at < sent.expires_at and constant_time_compare(_digest(sent.mobile, code), sent.digest)


def _digest(mobile: str, code: str) -> bytes:
    return crypto.blind(f"code:{mobile}:{normalize_user_code(code)}")
