"""REST: who the caller is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access
from kernel.web.rest import conditional

from .queries import accounts as account_queries


class GrantSerializer(serializers.Serializer[Any]):
    """A role within a scope."""

    role = serializers.CharField()
    scope = serializers.CharField()


class MeSerializer(serializers.Serializer[Any]):
    """The caller's own account."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    identifier = serializers.CharField(help_text="masked")
    person_id = serializers.UUIDField(allow_null=True)
    level = serializers.IntegerField(help_text="1 signed in, 2 with a second factor")
    grants = GrantSerializer(many=True)


@access.signed_in
class MeView(APIView):
    """The caller's own account and roles."""

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Return who is calling."""
        actor: access.Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        account = account_queries.account(access.account_of(actor))
        grants = sorted(
            ({"role": g.role, "scope": g.scope} for g in actor.grants), key=lambda g: (g["role"], g["scope"])
        )
        data = {"id": account.id, "name": account.name, "identifier": account.identifier, "grants": grants}
        data |= {"person_id": actor.person_id, "level": actor.level}
        return conditional(request, MeSerializer(data).data)
