"""REST: the place of a lesson in its programme."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.access import Actor
from kernel.web.rest import conditional, idempotent, require_match

from . import rules
from .models import Lesson
from .operations import lesson_order
from .queries import editing


def _actor(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


class PlaceSerializer(serializers.Serializer[Lesson]):
    """Where a lesson stands in its programme, from 1."""

    place = serializers.IntegerField(min_value=1, max_value=lesson_order.ASIDE)


@access.requires(rules.desk)
class LessonPlace(APIView):
    """The place of one lesson."""

    @extend_schema(responses=PlaceSerializer)
    def get(self, request: Request, lesson_id: uuid.UUID) -> Response:
        """Return where the lesson stands."""
        return conditional(request, PlaceSerializer(editing.lesson(lesson_id)).data)

    @extend_schema(request=PlaceSerializer, responses=PlaceSerializer)
    @idempotent
    def put(self, request: Request, lesson_id: uuid.UUID) -> Response:
        """Put the lesson there; those between close up. `If-Match`: only from where it was read."""
        if "If-Match" in request.headers:
            require_match(request, PlaceSerializer(editing.lesson(lesson_id)).data)
        body = PlaceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        row = lesson_order.place_lesson(
            lesson_id=lesson_id, place=body.validated_data["place"], by=_actor(request), at=clock.now()
        )
        return Response(PlaceSerializer(row).data)
