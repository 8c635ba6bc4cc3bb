"""REST: files of people to be enrolled in a class, brought as rows, taken, and what became of each row."""

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock, spreadsheets
from kernel.access import Actor
from kernel.errors import Invalid
from kernel.sheets import MAX_ROWS
from kernel.web.rest import CursorPagination, DayField, conditional, idempotent
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue

from . import rules
from .methods import sheet
from .models import Roster, RosterLine
from .operations import rosters as roster_operations
from .queries import rosters as roster_queries
from .states import RosterState


def _actor(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


class ApplicantSerializer(serializers.Serializer[Any]):
    """Somebody to be enrolled, as the cells of the sheet; what cannot be right is said with the row, not here."""

    id_number = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=60)
    mobile = serializers.CharField(max_length=20)
    education = serializers.CharField(max_length=40, help_text="key or Chinese name")
    major_kind = serializers.CharField(max_length=40, help_text="key or Chinese name")
    practice_years = serializers.IntegerField(min_value=0, max_value=80)
    id_type = serializers.CharField(max_length=40, required=False, default="")
    born = DayField(required=False, allow_null=True, default=None)
    sex = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)


class NewRosterSerializer(serializers.Serializer[Any]):
    """People to be enrolled in a class; nobody is enrolled before they are taken."""

    training_class = serializers.UUIDField()
    people = serializers.ListField(child=ApplicantSerializer(), min_length=1, max_length=MAX_ROWS)


class TakingSerializer(serializers.Serializer[Any]):
    """What is confirmed before the rows are enrolled."""

    signed = serializers.BooleanField(help_text="each has signed the privacy notice, and documents were seen")
    leave_out = serializers.BooleanField(default=True, help_text="who does not meet the conditions does not apply")


class RosterSerializer(serializers.Serializer[Roster]):
    """A file and how far it is; `counts` are what would become of its rows, or what became of them."""

    id = serializers.UUIDField()
    training_class = serializers.UUIDField(source="training_class_id")
    state = serializers.CharField()
    rows = serializers.IntegerField()
    done = serializers.IntegerField()
    counts = serializers.SerializerMethodField()

    @extend_schema(responses=serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, row: Roster) -> dict[str, int]:
        """Return how many rows become what."""
        if row.state == RosterState.PREVIEWED and row.file_id is not None:
            return dict(roster_queries.preview(row, clock.now()).counts)
        return roster_queries.counts(row)


class LineSerializer(serializers.Serializer[RosterLine]):
    """What became of a row: `line` as the file counts them, its headings being line 1."""

    line = serializers.IntegerField()
    outcome = serializers.CharField()
    enrolment = serializers.UUIDField(source="enrolment_id", allow_null=True)
    words = serializers.DictField(child=serializers.CharField())


@access.requires(rules.desk)
class Rosters(APIView):
    """Files of people to be enrolled."""

    @extend_schema(request=NewRosterSerializer, responses={201: RosterSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Bring people; they are looked through, and nobody is enrolled yet."""
        body = NewRosterSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        if not catalogue.training_classes([body.validated_data["training_class"]]):
            raise Invalid(field="training_class")
        form = sheet.sheet_format(pack_queries.pack_at(clock.now()))
        raw = spreadsheets.csv_file(form.headings, [form.cells(person) for person in body.validated_data["people"]])
        row = roster_operations.upload_roster(
            class_id=body.validated_data["training_class"],
            content=SimpleUploadedFile("rest.csv", raw),
            by=_actor(request),
            at=clock.now(),
        )
        return Response(RosterSerializer(row).data, status=201)


@access.requires(rules.desk)
class RosterDetail(APIView):
    """One file."""

    @extend_schema(responses=RosterSerializer)
    def get(self, request: Request, roster_id: uuid.UUID) -> Response:
        """Return how far it is."""
        return conditional(request, RosterSerializer(roster_queries.roster(roster_id)).data)


@access.requires(rules.desk)
class RosterLines(APIView):
    """What became of the rows of a file."""

    @extend_schema(responses=LineSerializer(many=True))
    def get(self, request: Request, roster_id: uuid.UUID) -> Response:
        """Return the rows in their order, some at a time."""
        pages = CursorPagination()
        pages.ordering = "line"
        rows = pages.paginate_queryset(roster_queries.lines(roster_queries.roster(roster_id)), request) or []
        return pages.get_paginated_response([LineSerializer(row).data for row in rows])


@access.requires(rules.desk)
class RosterTaking(APIView):
    """The step by which the rows of a file are enrolled."""

    @extend_schema(request=TakingSerializer, responses=RosterSerializer)
    @idempotent
    def post(self, request: Request, roster_id: uuid.UUID) -> Response:
        """Let the rows be enrolled, by a task."""
        body = TakingSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        roster_operations.take_roster(roster_id=roster_id, **body.validated_data, by=_actor(request), at=clock.now())
        return Response(RosterSerializer(roster_queries.roster(roster_id)).data)
