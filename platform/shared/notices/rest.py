"""REST: one's own notices."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from kernel import access

from . import queries
from .models import Notice


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice in the reader's language."""

    title = serializers.CharField()
    text = serializers.CharField()
    read = serializers.BooleanField()

    class Meta:
        model = Notice
        fields = ("id", "template", "title", "text", "path", "made_at", "read")

    def to_representation(self, instance: Notice) -> dict[str, Any]:
        """Return the notice in words."""
        value = queries.notice_values([instance])[0]
        return {
            "id": str(value.id),
            "template": instance.template,
            "title": value.title,
            "text": value.text,
            "path": value.path,
            "made_at": serializers.DateTimeField().to_representation(value.made_at),
            "read": value.read,
        }


@extend_schema(operation_id="notices", tags=["notices"])
@access.signed_in
class NoticesView(ListAPIView[Notice]):
    """The caller's notices, newest first, by cursor."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    def get_queryset(self) -> Any:
        """Return the caller's own."""
        return queries.inbox(self.request._request.actor)  # type: ignore[attr-defined]  # set by ActorMiddleware
