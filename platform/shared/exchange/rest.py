"""REST: the announced institutions for an enrolment entry, and enrolments that the training centre sends on."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.web.rest import MomentField, conditional, idempotent

from . import rules
from .operations import arrivals as exchange_arrivals
from .queries import messages as exchange_message_queries
from .queries import offers
from .states import CENTRE


class OfferSerializer(serializers.Serializer[offers.Offer]):
    """An announced institution with what an enrolment entry shows of it."""

    credit_code = serializers.CharField()
    name = serializers.CharField()
    standing = serializers.CharField()
    may_enrol = serializers.BooleanField()
    positions = serializers.ListField(child=serializers.CharField())
    position_names = serializers.ListField(child=serializers.CharField())
    stars = serializers.IntegerField(allow_null=True)
    star_year = serializers.IntegerField(allow_null=True)
    prices_fen = serializers.DictField(child=serializers.IntegerField())
    classes_url = serializers.CharField()


@access.public
class Entry(APIView):
    """What an enrolment entry lists."""

    @extend_schema(operation_id="enrolment_entry", responses=OfferSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the announced institutions with positions, stars, prices and where their open classes are."""
        return conditional(request, OfferSerializer(instance=offers.offers(clock.now()), many=True).data)  # type: ignore[arg-type]  # many


class ArrivalSerializer(serializers.Serializer[exchange_message_queries.ArrivalValue]):
    """What became of a message."""

    id = serializers.CharField(source="key")
    state = serializers.CharField()
    received_at = serializers.DateTimeField()
    answer = serializers.DictField()


class InboundEnrolmentSerializer(serializers.Serializer[Any]):
    """An enrolment as the centre sends it: its own number, when it was so, and the enrolment (docs/exchange.md)."""

    id = serializers.CharField(max_length=100)
    as_of = MomentField()
    body = serializers.DictField()


@access.requires(rules.forwards)
class Enrolments(APIView):
    """Enrolments from the training centre."""

    @extend_schema(
        operation_id="exchange_enrolment_send", request=InboundEnrolmentSerializer, responses={202: ArrivalSerializer}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Store an enrolment; the answer stands under its number. The same number again changes nothing."""
        serializer = InboundEnrolmentSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        arrival = exchange_arrivals.receive(
            system=CENTRE,
            kind="enrolment",
            key=data["id"],
            as_of=data["as_of"],
            body=data["body"],
            by=request._request.actor,  # type: ignore[attr-defined]  # set by ActorMiddleware
            at=clock.now(),
        )
        return Response(ArrivalSerializer(arrival).data, status=202)


@access.requires(rules.forwards)
class Enrolment(APIView):
    """One enrolment of the training centre."""

    @extend_schema(operation_id="exchange_enrolment", responses=ArrivalSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Return what became of an enrolment; 404 for a number that never came."""
        return conditional(
            request, ArrivalSerializer(exchange_message_queries.arrival_from(CENTRE, "enrolment", key)).data
        )
