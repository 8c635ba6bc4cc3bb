"""Inbound webhooks: Stripe's signed events, at the platform's host. Public, because the signature is the permission."""

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from kernel import access
from kernel.web import bodies
from kernel.web.http import Request
from kernel.web.openapi import described

from . import adapters
from .operations import events


class EventOutcomeSerializer(serializers.Serializer[object]):
    """What an event led to."""

    outcome = serializers.CharField()


_SIGNATURE = OpenApiParameter("Stripe-Signature", str, OpenApiParameter.HEADER, required=True)


@described("stripe_event", request=OpenApiTypes.OBJECT, responses=EventOutcomeSerializer, parameters=[_SIGNATURE])
@csrf_exempt
@require_POST
@access.public
def stripe_event(request: Request) -> JsonResponse:
    """Take one event; 200 says that it need not come again."""
    event = adapters.read_event(bodies.raw(request), request.headers.get("Stripe-Signature", ""))
    return JsonResponse({"outcome": events.take_event(event=event, at=request.now)})
