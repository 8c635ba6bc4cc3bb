"""Uploads to the ministry's system for machines: an officer records what was uploaded by hand."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.access import Actor
from kernel.web.rest import DayField, conditional, idempotent, require_match

from . import rules
from .models.publicity import Upload
from .operations import ministry as registry_ministry
from .queries import commitments


def _actor(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


class ReceiptSerializer(serializers.Serializer[None]):
    """The receipt of an upload that was made by hand."""

    receipt_no = serializers.CharField(max_length=registry_ministry.RECEIPT_LENGTH)
    received_on = DayField()


class UploadSerializer(serializers.Serializer[Upload]):
    """The way of an institution into the ministry's system; `recorded_by` is empty where the system itself answered."""

    requested_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    receipt_no = serializers.CharField(allow_blank=True)
    received_at = serializers.DateTimeField(allow_null=True)
    recorded_by = serializers.CharField(source="recorded_name", allow_blank=True)
    recorded_at = serializers.DateTimeField(allow_null=True)


@access.requires(rules.signs)
class CommitmentUpload(APIView):
    """The upload of one commitment."""

    @extend_schema(responses=UploadSerializer)
    def get(self, request: Request, commitment_id: uuid.UUID) -> Response:
        """Return where the upload stands; 404 before the public notice has ended."""
        row = commitments.commitment_for_officer(_actor(request), commitment_id)
        return conditional(request, UploadSerializer(commitments.upload_to_show(row)).data)

    @extend_schema(request=ReceiptSerializer, responses={201: UploadSerializer})
    @idempotent
    def post(self, request: Request, commitment_id: uuid.UUID) -> Response:
        """Record an upload made by hand; the institution is on the list then. `If-Match`: only as it was read."""
        if "If-Match" in request.headers:
            row = commitments.commitment_for_officer(_actor(request), commitment_id)
            require_match(request, UploadSerializer(commitments.upload_to_show(row)).data)
        body = ReceiptSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        registry_ministry.record_upload(
            commitment_id=commitment_id, **body.validated_data, by=_actor(request), at=clock.now()
        )
        row = commitments.commitment_for_officer(_actor(request), commitment_id)
        return Response(UploadSerializer(commitments.upload_to_show(row)).data, status=201)
