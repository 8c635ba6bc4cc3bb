"""Pure parts: signatures, masks, ladders, and what the files of existing platforms look like."""

from .ladders import after_fault, before_asking, steps
from .wire import BadSignature, canonical, masked, sign, verify

__all__ = ["BadSignature", "after_fault", "before_asking", "canonical", "masked", "sign", "steps", "verify"]
