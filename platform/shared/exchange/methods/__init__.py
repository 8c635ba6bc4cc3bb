"""Pure parts: signatures, masks, the retry schedule, and the columns of existing platforms' files."""

from .retry_schedule import parse_schedule, poll_delay, retry_delay
from .signatures import BadSignature, canonical, masked, sign, verify

__all__ = ["BadSignature", "canonical", "masked", "parse_schedule", "poll_delay", "retry_delay", "sign", "verify"]
