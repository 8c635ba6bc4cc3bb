"""Rate limit of look-ups by one caller."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.rates import Rate
from kernel.web import limits
from kernel.web.limits import TooMany

WINDOW_SECONDS = 60
CHANNELS = {
    "typed": limits.declare("certificates.typed", _("Certificates looked up by number and name")),
    "scanned": limits.declare("certificates.scanned", _("Certificates looked up by their QR code")),
    "api": limits.declare("certificates.api", _("Certificates looked up by machines")),
}


class TooManyLookups(TooMany):
    """Too many look-ups from one place."""

    code = "too-many-lookups"
    message = _("Too many certificates were looked up from your address within a minute. Please wait a minute.")


def limit_lookups(*, channel: str, caller: str, per_minute: int, real: datetime) -> None:
    """Count a look-up of a caller in this minute; over the limit refuses (TooManyLookups)."""
    rate = Rate(per_minute, WINDOW_SECONDS)
    limits.consume(CHANNELS[channel], caller, [rate], real=real, refusal=TooManyLookups)
