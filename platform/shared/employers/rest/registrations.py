"""Registrations of employers for machines: begun, the code entered, taken back, decided."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.web.rest import conditional, idempotent

from .. import rules
from ..operations import decisions
from ..operations import registrations as registering
from ..queries import registrations
from .serializers import (
    CodeSerializer,
    DecisionSerializer,
    NewRegistrationSerializer,
    ProvenSerializer,
    RegistrationSerializer,
    actor_of,
    valid,
)


@access.signed_in
class OwnRegistrations(APIView):
    """The registrations of employers that the caller began."""

    @extend_schema(operation_id="employer_registrations", responses=RegistrationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return them, newest first."""
        return conditional(request, RegistrationSerializer(registrations.own(actor_of(request)), many=True).data)

    @extend_schema(request=NewRegistrationSerializer, responses={201: RegistrationSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin one; a code goes to the employer's telephone."""
        facts = {"letter": None} | valid(NewRegistrationSerializer(data=request.data))
        key = registering.begin(**facts, by=actor_of(request), at=clock.now())
        return Response(RegistrationSerializer(registrations.own_registration(actor_of(request), key)).data, status=201)


@access.signed_in
class TelephoneCode(APIView):
    """The code of a registration's telephone."""

    @extend_schema(request=CodeSerializer, responses={200: ProvenSerializer, 422: ProvenSerializer})
    @idempotent
    def post(self, request: Request, registration_id: uuid.UUID) -> Response:
        """Enter it; 422 with `right` false for a wrong one."""
        right = registering.prove_telephone(
            registration_id=registration_id,
            **valid(CodeSerializer(data=request.data)),
            by=actor_of(request),
            at=clock.now(),
        )
        row = registrations.own_registration(actor_of(request), registration_id)
        return Response(ProvenSerializer({"right": right, "state": row.state}).data, status=200 if right else 422)


@access.signed_in
class Withdrawal(APIView):
    """A registration taken back."""

    @extend_schema(request=None, responses=RegistrationSerializer)
    @idempotent
    def post(self, request: Request, registration_id: uuid.UUID) -> Response:
        """Take it back."""
        registering.withdraw(registration_id=registration_id, by=actor_of(request), at=clock.now())
        return Response(RegistrationSerializer(registrations.own_registration(actor_of(request), registration_id)).data)


@access.requires(rules.decides)
class Decision(APIView):
    """A registration of the caller's area, and the decision on it."""

    @extend_schema(operation_id="employer_registration_of_area", responses=RegistrationSerializer)
    def get(self, request: Request, registration_id: uuid.UUID) -> Response:
        """Return it."""
        row = registrations.registration_for(actor_of(request), registration_id)
        return conditional(request, RegistrationSerializer(row).data)

    @extend_schema(request=DecisionSerializer, responses=RegistrationSerializer)
    @idempotent
    def post(self, request: Request, registration_id: uuid.UUID) -> Response:
        """Prove it or refuse it."""
        registrations.registration_for(actor_of(request), registration_id)
        facts = valid(DecisionSerializer(data=request.data))
        decisions.decide(registration_id=registration_id, **facts, by=actor_of(request), at=clock.now())
        return Response(RegistrationSerializer(registrations.registration_for(actor_of(request), registration_id)).data)
