"""Rate limit of look-ups by one caller."""

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from kernel.crypto import blind
from kernel.errors import Refusal

WINDOW_SECONDS = 60  # seconds


class TooManyLookups(Refusal):
    """Too many look-ups from one place."""

    code = "too-many-lookups"
    status = 429
    title = _("Too many at once")
    message = _("Too many certificates were looked up from your address within a minute. Please wait a minute.")


def limit_lookups(*, channel: str, caller: str, per_minute: int, real: datetime) -> None:
    """Count a look-up of a caller (an address, blinded) in this minute; over the limit refuses (TooManyLookups)."""
    minute = int(real.timestamp()) // WINDOW_SECONDS
    key = f"certificates:{channel}:{minute}:{blind(caller).hex()[:32]}"
    cache.add(key, 0, WINDOW_SECONDS * 2)
    try:
        count = cache.incr(key)
    except ValueError:  # forgotten between the two calls
        return
    if count > per_minute:
        raise TooManyLookups
