"""Pure parts: signatures, masks, ladders, and what the files of existing platforms look like."""

from .retry_schedule import parse_schedule, poll_delay, retry_delay
from .signatures import BadSignature, canonical, masked, sign, verify

__all__ = ["BadSignature", "canonical", "masked", "parse_schedule", "poll_delay", "retry_delay", "sign", "verify"]
