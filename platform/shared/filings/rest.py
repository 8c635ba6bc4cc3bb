"""Classes for machines."""

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.errors import Invalid
from kernel.web.rest import CursorPagination, conditional
from shared.policy.queries import packs as pack_queries

from .filters import ClassFilter
from .queries import classes as class_queries
from .values import Offer, OfferedPrice, Offerer


class PriceSerializer(serializers.Serializer[OfferedPrice]):
    """A price in fen under its ceiling; `ceiling_fen` is null where a recorded decision sets none."""

    fee_item = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.IntegerField()
    amount_fen = serializers.IntegerField(source="amount.fen")
    total_fen = serializers.IntegerField(source="total.fen")
    ceiling_fen = serializers.IntegerField(source="ceiling.fen", default=None, allow_null=True)
    document_no = serializers.CharField(source="basis")
    demo = serializers.BooleanField()


class OffererSerializer(serializers.Serializer[Offerer]):
    """The institution that offers a class."""

    name = serializers.CharField()
    slug = serializers.CharField()
    standing = serializers.CharField()
    stars = serializers.IntegerField(allow_null=True)
    star_year = serializers.IntegerField(allow_null=True)


class ClassSerializer(serializers.Serializer[Offer]):
    """A class; `takes_enrolments` says whether it does now, `total_fen` is null where no price is published."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.CharField()
    programme = serializers.CharField()
    class_hours = serializers.IntegerField()
    division_code = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    enrols_until = serializers.DateField()
    seats = serializers.IntegerField()
    free_places = serializers.IntegerField(source="free")
    state = serializers.CharField()
    takes_enrolments = serializers.BooleanField(source="enrolling")
    institution = OffererSerializer()
    prices = PriceSerializer(many=True)
    total_fen = serializers.IntegerField(source="total.fen", default=None, allow_null=True)
    url = serializers.URLField()


def _parameter(name: str, kind: OpenApiTypes, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=words)


@access.public
class Classes(APIView):
    """The classes that take enrolments now, of all institutions."""

    @extend_schema(
        parameters=[
            _parameter("position", OpenApiTypes.STR, "key of a position"),
            _parameter("city", OpenApiTypes.STR, "division code of a city or new area"),
            _parameter("price", OpenApiTypes.STR, "what enrolling costs altogether, at most so many yuan"),
            _parameter("stars", OpenApiTypes.INT, "an institution of at least so many stars"),
            _parameter("starts", OpenApiTypes.DATE, "starts on this day or later"),
            _parameter("places", OpenApiTypes.STR, "`free`: with free places"),
            _parameter("cursor", OpenApiTypes.STR, "as `next` and `previous` name it"),
            _parameter("page_size", OpenApiTypes.INT, "at most 200"),
        ],
        responses=ClassSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List classes, the newest first, by cursor; answers with an ETag."""
        now = clock.now()
        pack = pack_queries.pack_at(now)
        filterset = ClassFilter(request.query_params, queryset=class_queries.enrolling_classes(now), pack=pack)
        if not filterset.is_valid():
            field, errors = next(iter(filterset.errors.items()))
            raise Invalid(" ".join(errors), field=field)
        pages = CursorPagination()
        columns = filterset.qs.annotate(free=class_queries.free_column()).values(*class_queries.OFFER_COLUMNS)
        rows: Any = pages.paginate_queryset(columns, request, view=self)
        found: Any = class_queries.offers(rows, now, pack=pack, port=request.get_port())
        answer = pages.get_paginated_response(ClassSerializer(found, many=True).data)
        return conditional(request, answer.data)


@access.public
class Class(APIView):
    """One class of an institution that is or was on the public list."""

    @extend_schema(responses=ClassSerializer)
    def get(self, request: Request, class_id: uuid.UUID) -> Response:
        """Return a class as it was filed last, whether or not it takes enrolments; answers with an ETag."""
        found = class_queries.offer(class_id, clock.now(), port=request.get_port())
        return conditional(request, ClassSerializer(found).data)
