"""The conventions of /api/v1/: problems, cursors, idempotency keys and ETags."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from kernel.errors import Refusal
from kernel.web import repeats
from kernel.web.forms import check_year
from kernel.web.http import problem, refusal_response


class PreconditionFailed(Refusal):
    """What is to be changed is not what the caller has read: its ETag is another one."""

    code = "precondition-failed"
    status = 412
    message = _("This was changed since you read it. Read it again; nothing was changed.")


class CursorPagination(DrfCursorPagination):
    """Fifty a page, newest first."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"


class DayField(serializers.DateField):
    """A day that is sent to us, in the years with which we can reckon (`clock.YEARS`)."""

    def to_internal_value(self, value: Any) -> date:
        """Return the day; refuses what is none of those years."""
        day: date = super().to_internal_value(value)
        check_year(day)
        return day


class MomentField(serializers.DateTimeField):
    """A day and a time of day that are sent to us, in the same years."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment; refuses what is none of those years, or goes beyond all of them in another time zone."""
        try:
            moment: datetime = super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")
        check_year(moment)
        return moment


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
    """Give a POST of an APIView the Idempotency-Key convention (kernel.web.repeats): the same key gives the same
    answer, done once; with another body it is refused. What is refused is not kept.
    """

    @wraps(method)
    def wrapped(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = repeats.key_of(request._request)
        if not key:
            return method(view, request, *args, **kwargs)
        with transaction.atomic():
            row = repeats.claim(request._request, key, repeats.digest_of(request.data))
            if row.status is not None:
                return Response(row.body, status=row.status, headers={repeats.REPLAYED: "true"})
            response = method(view, request, *args, **kwargs)
            repeats.keep(row, status=response.status_code, body=json.loads(json.dumps(response.data, default=str)))
        return response

    wrapped.takes_keys = True  # type: ignore[attr-defined]  # for kernel.web.openapi and the test of all writes
    return wrapped


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


def require_match(request: Request, data: Any) -> None:
    """Refuse (PreconditionFailed) a write whose If-Match names another version than what stands there (`data`)."""
    asked = request.headers.get("If-Match")
    if asked is not None and asked.strip() != "*" and etag_of(data) not in [tag.strip() for tag in asked.split(",")]:
        raise PreconditionFailed
