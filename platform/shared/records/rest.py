"""Periodic tasks run on demand by an operator, for the request's time; stuck tasks, and a fresh start for one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock, later
from kernel.web.rest import idempotent

from . import operations, queries, rules


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


class StuckTaskSerializer(serializers.Serializer[Any]):
    """A task that has failed so far, whose worker died, or that was given up."""

    number = serializers.IntegerField()
    schema = serializers.CharField()
    task = serializers.CharField()
    attempts = serializers.IntegerField()
    lost_attempts = serializers.IntegerField(help_text="whose worker died")
    error = serializers.CharField()
    not_before = serializers.DateTimeField(allow_null=True)
    waits_for = serializers.CharField(help_text="an outside system that does not answer; operator: it was given up")


@access.requires(rules.operates)
class StuckTasks(APIView):
    """Stuck tasks."""

    @extend_schema(responses=StuckTaskSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return what is stuck, what was given up first."""
        return Response(StuckTaskSerializer(queries.stuck_tasks(), many=True).data)


@access.requires(rules.operates)
class FreshStart(APIView):
    """A fresh start for one stuck task."""

    @extend_schema(request=None, responses={204: None})
    @idempotent
    def post(self, request: Request, number: int) -> Response:
        """Try it again at once; refuses (NotFound) one that is done or never was."""
        by: access.Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        operations.retry_task(number=number, by=by, at=clock.real_now())
        return Response(status=204)
