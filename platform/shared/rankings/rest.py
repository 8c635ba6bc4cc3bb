"""The stars for machines."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access
from kernel.web.rest import conditional

from .queries import questions as ranking_questions
from .queries import tables as ranking_tables


class RowSerializer(serializers.Serializer[ranking_tables.Row]):
    """One institution; `stars` is null where it is not rated."""

    institution_id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)
    stars = serializers.IntegerField(allow_null=True)
    total = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    learner = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    authority = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    ratings = serializers.IntegerField(source="n")
    response_rate = serializers.IntegerField(allow_null=True)
    spread = serializers.ListField(child=serializers.IntegerField())


class FactSerializer(serializers.Serializer[ranking_questions.MethodFact]):
    """One rule of the method; `basis` is empty where the platform set it."""

    name = serializers.CharField()
    value = serializers.CharField()
    basis = serializers.CharField(allow_blank=True)
    remark = serializers.CharField(allow_blank=True)


class RankingSerializer(serializers.Serializer[ranking_tables.Ranking]):
    """A year's stars as published."""

    year = serializers.IntegerField()
    revision = serializers.IntegerField()
    policy = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField()
    input_digest = serializers.CharField()
    result_digest = serializers.CharField()
    minimum_sample = serializers.IntegerField()
    method = FactSerializer(many=True, source="facts")
    institutions = RowSerializer(many=True, source="rows")


@access.public
class YearRanking(APIView):
    """The published stars of a year."""

    @extend_schema(responses=RankingSerializer)
    def get(self, request: Request, year: int) -> Response:
        """Return the table with its method and digests; 404 for a year that is not published."""
        return conditional(request, RankingSerializer(ranking_tables.ranking(year)).data)
