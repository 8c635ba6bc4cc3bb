"""What an operator may ask of the machine: run one of beat's jobs now, for the request's time."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock, later

from . import queries, rules


class ClockworkSerializer(serializers.Serializer[dict[str, str]]):
    """Which job."""

    name = serializers.CharField(max_length=80, help_text="as registered: registry.close_notices, …")


class RanSerializer(serializers.Serializer[dict[str, object]]):
    """What was run, for which time, and how many tasks it led to that were done at once."""

    name = serializers.CharField()
    at = serializers.DateTimeField()
    tasks = serializers.IntegerField()


@access.requires(rules.operates)
class Clockwork(APIView):
    """Beat's jobs."""

    @extend_schema(request=ClockworkSerializer, responses=RanSerializer)
    def post(self, request: Request) -> Response:
        """Run one job for the request's time (in demonstrations: Nuoxing-Now), then all that waits in the outbox."""
        asked = ClockworkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        name, at = asked.validated_data["name"], clock.now()
        queries.clockwork(name)
        later.run_clockwork(name, at=at)
        return Response({"name": name, "at": at, "tasks": later.drain(until=at)})
