"""REST: the policy in force."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.web.rest import conditional

from .queries import caps as cap_queries
from .queries import packs as pack_queries
from .values.pack import Pack, Source
from .values.shapes.admission import Position


class SourceSerializer(serializers.Serializer[Source]):
    """Where a value stands."""

    document = serializers.CharField(source="document.number", default=None, allow_null=True)
    clause = serializers.CharField(allow_blank=True)
    from_policy = serializers.BooleanField()
    demo = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    note_en = serializers.CharField(allow_blank=True)


class PositionSerializer(serializers.Serializer[Position]):
    """A position that can be certified."""

    key = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    group = serializers.CharField()
    class_hours = serializers.SerializerMethodField()
    class_hours_source = serializers.SerializerMethodField()

    def get_class_hours(self, position: Position) -> int:
        """Return the class hours that a trainee needs."""
        pack: Pack = self.context["pack"]
        return pack.hours(position.key)

    @extend_schema(responses=SourceSerializer)
    def get_class_hours_source(self, position: Position) -> dict[str, Any]:
        """Return where the hours stand."""
        pack: Pack = self.context["pack"]
        return dict(SourceSerializer(pack.source(f"learning.hours.{position.key}")).data)


class CapSerializer(serializers.Serializer[cap_queries.FeeCapValue]):
    """A ceiling in fen, or the decision that there is none."""

    id = serializers.UUIDField()
    document_no = serializers.CharField()
    fee_item = serializers.CharField()
    position = serializers.CharField(allow_blank=True, help_text="empty: every position")
    unit = serializers.CharField()
    kind = serializers.CharField()
    ceiling_fen = serializers.IntegerField(source="ceiling.fen", default=None, allow_null=True)
    decision_note = serializers.CharField(allow_blank=True)
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    demo = serializers.BooleanField()


class PolicySerializer(serializers.Serializer[Pack]):
    """The pack in force: its values, the source of each by its path, and the ceilings of the day."""

    version = serializers.CharField()
    jurisdiction = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    values = serializers.DictField(source="as_plain")
    sources = serializers.DictField(child=SourceSerializer())
    caps = serializers.SerializerMethodField()

    @extend_schema(responses=CapSerializer(many=True))
    def get_caps(self, pack: Pack) -> list[Any]:
        """Return the ceilings."""
        return list(CapSerializer(self.context["caps"], many=True).data)


@access.public
class Positions(APIView):
    """The positions that can be certified now."""

    @extend_schema(responses=PositionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the positions with their class hours."""
        pack = pack_queries.pack_at(clock.now())
        rows = [PositionSerializer(position, context={"pack": pack}).data for position in pack.certifiable]
        return conditional(request, rows)


@access.public
class Policy(APIView):
    """The law in force now."""

    @extend_schema(responses=PolicySerializer)
    def get(self, request: Request) -> Response:
        """Return every value with its source."""
        now = clock.now()
        pack = pack_queries.pack_at(now)
        context = {"caps": cap_queries.caps(now, pack.jurisdiction)}
        return conditional(request, PolicySerializer(pack, context=context).data)
