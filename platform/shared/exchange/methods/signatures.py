"""Signatures of messages: canonical bytes for the same content, HMAC over them, and masks for display."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.fields import MASKS

MAX_AGE_SECONDS = 300


class BadSignature(Exception):
    """The signature is missing, wrong or too old."""


def canonical(body: Any) -> str:
    """Return a body as the text by which two messages are the same."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def sign(secret: str, body: bytes, moment: datetime) -> str:
    """Return the signature header of a body: t=…,v1=HMAC-SHA256 over "t.body"."""
    stamp = int(moment.timestamp())
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def verify(secret: str, body: bytes, header: str, *, real: datetime) -> None:
    """Pass a body that was signed within five minutes with this secret; raises BadSignature for any other."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not secret or not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(real.timestamp() - int(stamp)) > MAX_AGE_SECONDS:
        raise BadSignature
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(digest, parts.get("v1", "")):
        raise BadSignature


def masked(body: Any, masks: Mapping[str, str]) -> Any:
    """Return a body as it may be shown: values under the names in `masks` masked, wherever they lie."""
    if isinstance(body, Mapping):
        return {str(k): _masked_value(v, masks[k]) if k in masks else masked(v, masks) for k, v in body.items()}
    if isinstance(body, list | tuple):
        return [masked(value, masks) for value in body]
    return body if isinstance(body, str | int | float | bool | None) else str(body)


def _masked_value(value: Any, mask: str) -> Any:
    return MASKS[mask](str(value)) if value not in (None, "") else value
