"""Inbound webhooks: signed messages of outside systems. Public, because the signature is the permission."""

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from kernel import access, clock
from kernel.errors import Forbidden, Invalid, NotFound
from kernel.web import bodies
from kernel.web.http import Request
from kernel.web.openapi import described

from . import adapters
from .methods import signatures
from .operations import arrivals as exchange_arrivals
from .queries import messages as exchange_message_queries
from .states import SYSTEMS


class NotSigned(Forbidden):
    """The signature is missing, wrong or older than five minutes."""

    code = "signature"
    status = 401
    title = _("The signature does not fit")
    message = _("The message is not signed as agreed, or the signature is older than five minutes.")


class InboundMessageSerializer(serializers.Serializer[object]):
    """A message as its sender numbers it."""

    id = serializers.CharField(max_length=100)
    as_of = serializers.DateTimeField()
    body = serializers.DictField()


class InboundAnswerSerializer(serializers.Serializer[object]):
    """What became of a message."""

    received = serializers.BooleanField()
    id = serializers.CharField()
    state = serializers.CharField()
    answer = serializers.DictField(allow_null=True)


_SIGNATURE = OpenApiParameter("Nuoxing-Signature", str, OpenApiParameter.HEADER, required=True)


@described(
    "exchange_message_send",
    request=InboundMessageSerializer,
    responses={202: InboundAnswerSerializer},
    parameters=[_SIGNATURE],
)
@csrf_exempt
@require_POST
@access.public
def receive(request: Request, system: str, kind: str) -> JsonResponse:
    """Store one message; 202 says that it need not come again, and under which address the answer will be."""
    _check_signature(request, system)
    message = _read(bodies.raw(request))
    arrival = exchange_arrivals.receive(system=system, kind=kind, at=request.now, **message)
    return JsonResponse(_answer(arrival), status=202)


@described("exchange_message", method="get", responses=InboundAnswerSerializer, parameters=[_SIGNATURE])
@require_safe
@access.public
def answer(request: Request, system: str, kind: str, key: str) -> JsonResponse:
    """Return to the sender what became of a message."""
    _check_signature(request, system)
    return JsonResponse(_answer(exchange_message_queries.arrival_from(system, kind, key)))


def _check_signature(request: Request, system: str) -> None:
    if system not in SYSTEMS or SYSTEMS[system].ours:
        raise NotFound
    header = request.headers.get("Nuoxing-Signature", "")
    try:
        signatures.verify(adapters.secret(system), bodies.raw(request), header, real=clock.real_now())
    except signatures.BadSignature:
        raise NotSigned from None


def _read(raw: bytes) -> dict[str, Any]:
    """Return {"id", "as_of", "body"} as `receive` takes it; refuses (Invalid) all else."""
    try:
        message = bodies.read_json(raw)
        key, as_of, body = str(message["id"]), clock.parse(str(message["as_of"])), message["body"]
    except (ValueError, KeyError, TypeError):
        raise Invalid(_("A message is {“id”, “as_of”: a time with an offset, “body”}.")) from None
    if as_of is None or not isinstance(body, dict):
        raise Invalid(_("A message is {“id”, “as_of”: a time with an offset, “body”}."))
    return {"key": key, "as_of": as_of, "body": body}


def _answer(arrival: exchange_message_queries.ArrivalValue) -> dict[str, Any]:
    return {"received": True, "id": arrival.key, "state": arrival.state, "answer": arrival.answer or None}
