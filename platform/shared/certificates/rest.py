"""Verification for machines."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.web.callers import counted_as
from kernel.web.rest import conditional

from .operations import lookups
from .queries import lives, verification

CALLS_A_MINUTE = 120


class VersionSerializer(serializers.Serializer[lives.VersionSummary]):
    """One version and the beginning of its document's SHA-256."""

    number = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    sha256_prefix = serializers.CharField(source="prefix")
    superseded_at = serializers.DateTimeField(allow_null=True)


class PublicCertificateSerializer(serializers.Serializer[verification.PublicCertificate]):
    """What anybody may see of a certificate; the holder is masked."""

    number = serializers.CharField()
    title = serializers.CharField()
    holder = serializers.CharField()
    id_number = serializers.CharField()
    position = serializers.CharField()
    institution = serializers.CharField()
    tested_on = serializers.DateField()
    issued_on = serializers.DateField()
    education = serializers.ListField(child=serializers.CharField())
    state = serializers.CharField()
    state_label = serializers.CharField()
    valid = serializers.BooleanField()
    since = serializers.DateTimeField()
    ground = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    sha256_prefix = serializers.CharField()
    policy = serializers.CharField()
    demo = serializers.BooleanField()
    versions = VersionSerializer(many=True)


@access.public
class VerifiedCertificate(APIView):
    """A certificate by the token of its QR code."""

    @extend_schema(responses=PublicCertificateSerializer)
    def get(self, request: Request, token: str) -> Response:
        """Return what it says and how it stands; 404 for an unknown token, 429 beyond 120 calls a minute."""
        caller = counted_as(request._request)
        lookups.limit_lookups(channel="api", caller=caller, per_minute=CALLS_A_MINUTE, real=clock.real_now())
        certificate = verification.public_certificate(token, at=clock.now())
        return conditional(request, PublicCertificateSerializer(certificate).data)
