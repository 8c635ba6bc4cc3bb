"""Periodic tasks run on demand by an operator, for the request's time."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock, later

from . import queries, rules


class PeriodicTaskSerializer(serializers.Serializer[dict[str, str]]):
    """Which job."""

    name = serializers.CharField(max_length=80, help_text="as registered: registry.close_notices, …")


class TaskRunSerializer(serializers.Serializer[dict[str, object]]):
    """What was run, for which time, and how many tasks it led to that were done at once."""

    name = serializers.CharField()
    at = serializers.DateTimeField()
    tasks = serializers.IntegerField()


@access.requires(rules.operates)
class PeriodicTask(APIView):
    """Periodic tasks."""

    @extend_schema(request=PeriodicTaskSerializer, responses=TaskRunSerializer)
    def post(self, request: Request) -> Response:
        """Run one job for the request's time (in demonstrations: Nuoxing-Now), then all that waits in the outbox."""
        serializer = PeriodicTaskSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        name, at = serializer.validated_data["name"], clock.now()
        queries.periodic_task(name)
        later.run_periodic_task(name, at=at)
        return Response({"name": name, "at": at, "tasks": later.drain(until=at)})
