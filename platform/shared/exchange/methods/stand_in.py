"""A stand-in for the ministry's system, which an installation switches on for trying out: it gives each institution a
receipt and each passed test a number. All of them begin with MARK, so that none can be taken for an official one.

It keeps nothing: the same question has the same answer.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.clock import legal_day

from ..values import MARK

RECEIVED = {"accepted": True, "stand_in": True}


def answer(path: str, key: str, payload: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return what the stand-in says of a message that was sent under `key` on a path."""
    if path == "institutions":
        number = f"{MARK}-收-{legal_day(at):%Y}-{_digits(key, 8)}"
        return RECEIVED | {"receipt_no": number, "received_at": at.isoformat()}
    if path == "results":
        results = [one for one in payload.get("results", ()) if "result_id" in one]
        return RECEIVED | {"certificates": [_certificate(str(one["result_id"]), at) for one in results]}
    return dict(RECEIVED)


def _certificate(result_id: str, at: datetime) -> dict[str, str]:
    day = legal_day(at)
    return {
        "result_id": result_id,
        "number": f"{MARK}-{day:%y}-{_digits(result_id, 12)}",
        "issued_on": day.isoformat(),
    }


def _digits(key: str, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:12], "big")
    return f"{number % 10**count:0{count}d}"
