"""Institutions for machines."""

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

from .filters import InstitutionFilter
from .models import Institution
from .queries import listing as institution_listing_queries
from .queries import standings


class StandingSerializer(serializers.Serializer[standings.StandingValue]):
    """How an organisation stands."""

    state = serializers.CharField()
    since = serializers.DateTimeField()
    may_enrol = serializers.BooleanField()


class InstitutionSerializer(serializers.Serializer[Institution]):
    """An institution on the public list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    credit_code = serializers.CharField(source="organisation.credit_code")
    category = serializers.CharField(source="organisation.category")
    division_code = serializers.CharField(source="organisation.division_code")
    authority_code = serializers.CharField(source="organisation.authority_code")
    positions = serializers.ListField(child=serializers.CharField())
    listed_at = serializers.DateTimeField()
    standing = serializers.SerializerMethodField()
    stars = serializers.IntegerField(allow_null=True)
    star_year = serializers.IntegerField(allow_null=True)

    @extend_schema(responses=StandingSerializer)
    def get_standing(self, row: Institution) -> dict[str, Any]:
        """Return how it stands."""
        return dict(StandingSerializer(standings.standing_of(row.organisation)).data)


def _parameter(name: str, kind: OpenApiTypes, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=words)


@access.public
class Institutions(APIView):
    """The public list of institutions."""

    @extend_schema(
        parameters=[
            _parameter("q", OpenApiTypes.STR, "part of the name"),
            _parameter("city", OpenApiTypes.STR, "division code of a city or new area"),
            _parameter("position", OpenApiTypes.STR, "key of a position"),
            _parameter("stars", OpenApiTypes.INT, "at least so many stars"),
            _parameter("enrolling", OpenApiTypes.BOOL, "whether it takes trainees now"),
            _parameter("cursor", OpenApiTypes.STR, "as `next` and `previous` name it"),
            _parameter("page_size", OpenApiTypes.INT, "at most 200"),
        ],
        responses=InstitutionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """List institutions, newest first, by cursor; answers with an ETag."""
        filterset = InstitutionFilter(
            request.query_params, queryset=institution_listing_queries.public_list(), at=clock.now()
        )
        if not filterset.is_valid():
            field, errors = next(iter(filterset.errors.items()))
            raise Invalid(" ".join(errors), field=field)
        pages = CursorPagination()
        rows: Any = pages.paginate_queryset(filterset.qs, request, view=self)
        answer = pages.get_paginated_response(InstitutionSerializer(rows, many=True).data)
        return conditional(request, answer.data)
