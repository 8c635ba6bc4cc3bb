"""The ministry's system, as far as institutions are concerned: told under one number, and it answers with a receipt.

Protocol of the stand-in (infra/fakes): POST /ministry/institutions/ -> 202; GET /ministry/institutions/<number>/ -> 200
with the receipt, or 404 while there is none. The real interface is not published; only this file knows it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings

SECONDS = 10.0


class NotConnected(Exception):
    """No ministry's system is set up here."""


class Unreachable(Exception):
    """It does not answer, or not as it should."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The ministry's system has taken an institution in."""

    number: str
    received_at: datetime


def _client() -> httpx.Client:
    if not settings.NUOXING_FAKES_URL:
        raise NotConnected
    return httpx.Client(base_url=settings.NUOXING_FAKES_URL, timeout=SECONDS)


def send_institution(request_id: uuid.UUID, organisation: Mapping[str, Any]) -> None:
    """Tell the system of an institution; the same number may be sent again. Raises NotConnected or Unreachable."""
    with _client() as client:
        try:
            answer = client.post(
                "/ministry/institutions/", json={"request_id": str(request_id), "organisation": dict(organisation)}
            )
        except httpx.HTTPError as fault:
            raise Unreachable(type(fault).__name__) from None
    if not answer.is_success:
        raise Unreachable(f"HTTP {answer.status_code}")


def receipt(request_id: uuid.UUID) -> Receipt | None:
    """Return the receipt, None while there is none. Raises NotConnected or Unreachable."""
    with _client() as client:
        try:
            answer = client.get(f"/ministry/institutions/{request_id}/")
        except httpx.HTTPError as fault:
            raise Unreachable(type(fault).__name__) from None
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    try:
        answer.raise_for_status()
        body = answer.json()
        return Receipt(str(body["receipt_no"])[:60], datetime.fromisoformat(body["received_at"]))
    except (httpx.HTTPError, KeyError, TypeError, ValueError) as fault:
        raise Unreachable(type(fault).__name__) from None
