"""The conventions of /api/v1/: problems, cursors, idempotency keys and ETags."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from kernel import clock
from kernel.errors import Invalid, Refusal
from kernel.tenancy import current_schema
from kernel.web.http import problem, refusal_response

KEY_LIFETIME = timedelta(hours=24)


class KeyReused(Refusal):
    """An Idempotency-Key was used again for another request."""

    code = "idempotency-key-reused"
    status = 422
    message = _("This Idempotency-Key was used for another request.")


class KeyInFlight(Refusal):
    """The first request with this key has not ended."""

    code = "idempotency-key-in-flight"
    message = _("The first request with this Idempotency-Key is still being worked on.")


class CursorPagination(DrfCursorPagination):
    """Fifty a page, newest first."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


def handle_exception(fault: Exception, context: dict[str, Any]) -> Any:
    """Turn refusals, and what the framework itself refuses, into problem+json."""
    if isinstance(fault, Refusal):
        return refusal_response(context["request"]._request, fault)
    response = exception_handler(fault, context)
    if response is None:
        return None
    code = getattr(fault, "default_code", "error").replace("_", "-")
    fields = response.data if isinstance(fault, exceptions.ValidationError) else None
    detail = str(getattr(fault, "detail", fault)) if fields is None else str(_("Some fields cannot be right."))
    extra = {"errors": fields} if fields is not None else {}
    return problem(code, status=response.status_code, title=str(response.status_text), detail=detail, **extra)


def idempotent(method: Callable[..., Response]) -> Callable[..., Response]:
    """Give a POST of an APIView the Idempotency-Key convention: the same key gives the same answer, done once.

    The key belongs to the host's institution, the caller and the path; with another body it is refused. Kept for a
    day. Answers of 500 are not.
    """

    @wraps(method)
    def wrapped(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if not key:
            return method(view, request, *args, **kwargs)
        if len(key) > 100:
            raise Invalid(_("An Idempotency-Key has at most 100 characters."))
        table = apps.get_model("kernel", "IdempotencyKey")
        digest = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
        actor = str(request._request.actor.account_id)  # type: ignore[attr-defined]  # set by ActorMiddleware
        scope = {"schema": current_schema(), "actor": actor, "path": request.path, "key": key}
        table.objects.filter(**scope, created_at__lt=clock.real_now() - KEY_LIFETIME).delete()
        row, first = table.objects.get_or_create(**scope, defaults={"digest": digest})
        if not first:
            return _replay(row, digest)
        try:
            response = method(view, request, *args, **kwargs)
        except BaseException:
            row.delete()
            raise
        row.status, row.body = response.status_code, json.loads(json.dumps(response.data, default=str))
        row.save(update_fields=["status", "body"])
        return response

    wrapped.idempotent = True  # type: ignore[attr-defined]  # kernel.web.openapi describes the header
    return wrapped


def _replay(row: Any, digest: str) -> Response:
    if row.digest != digest:
        raise KeyReused
    if row.status is None:
        raise KeyInFlight
    return Response(row.body, status=row.status, headers={"Idempotent-Replay": "true"})


def etag_of(data: Any) -> str:
    """Return the strong ETag of what is about to be answered."""
    raw = json.dumps(data, sort_keys=True, default=str, ensure_ascii=False).encode()
    return f'"{hashlib.sha256(raw).hexdigest()[:32]}"'


def conditional(request: Request, data: Any) -> Response:
    """Return `data` with its ETag, or 304 where the caller has it already."""
    etag = etag_of(data)
    client_tags = [t.strip() for t in request.headers.get("If-None-Match", "").split(",")]
    if etag in client_tags:
        return Response(status=304, headers={"ETag": etag})
    return Response(data, headers={"ETag": etag})
