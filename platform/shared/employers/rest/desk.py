"""An employer's clerks and people for machines, and what a person answers."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import access, clock
from kernel.web.rest import CursorPagination, conditional, idempotent

from .. import rules
from ..models import Employee
from ..operations import clerks as clerk_operations
from ..operations import people as employee_operations
from ..queries import clerks as clerk_queries
from ..queries import people as employee_queries
from .serializers import (
    AnswerSerializer,
    ClerkSerializer,
    EmployeeSerializer,
    EmploymentSerializer,
    NewClerkSerializer,
    NewEmployeeSerializer,
    ReasonSerializer,
    actor_of,
    valid,
)


@access.requires(rules.clerk)
class Clerks(APIView):
    """An employer's clerks."""

    @extend_schema(operation_id="employer_clerks", responses=ClerkSerializer(many=True))
    def get(self, request: Request, employer_id: uuid.UUID) -> Response:
        """Return them by name."""
        employee_queries.employer_for(actor_of(request), employer_id)
        return conditional(request, ClerkSerializer(clerk_queries.clerks(employer_id), many=True).data)

    @extend_schema(request=NewClerkSerializer, responses={201: ClerkSerializer(many=True)})
    @idempotent
    def post(self, request: Request, employer_id: uuid.UUID) -> Response:
        """Invite another one."""
        employee_queries.employer_for(actor_of(request), employer_id)
        facts = valid(NewClerkSerializer(data=request.data))
        clerk_operations.invite(employer_id=employer_id, **facts, by=actor_of(request), at=clock.now())
        return Response(ClerkSerializer(clerk_queries.clerks(employer_id), many=True).data, status=201)


@access.requires(rules.clerk)
class ClerkEnding(APIView):
    """A clerk's role, ended."""

    @extend_schema(request=ReasonSerializer, responses={204: None})
    @idempotent
    def post(self, request: Request, employer_id: uuid.UUID, grant_id: uuid.UUID) -> Response:
        """End it; the last one's, with a reason, ends the registration."""
        employee_queries.employer_for(actor_of(request), employer_id)
        facts = valid(ReasonSerializer(data=request.data))
        clerk_operations.end(employer_id=employer_id, grant_id=grant_id, **facts, by=actor_of(request), at=clock.now())
        return Response(status=204)


@access.requires(rules.clerk)
class People(APIView):
    """An employer's people."""

    @extend_schema(operation_id="employer_people", responses=EmployeeSerializer(many=True))
    def get(self, request: Request, employer_id: uuid.UUID) -> Response:
        """Return its list, newest first, by cursor."""
        employee_queries.employer_for(actor_of(request), employer_id)
        pages = CursorPagination()
        rows: list[Employee] = pages.paginate_queryset(employee_queries.listed(employer_id), request, self) or []
        values = [employee_queries.value(row) for row in rows]
        return pages.get_paginated_response(EmployeeSerializer(values, many=True).data)

    @extend_schema(request=NewEmployeeSerializer, responses={201: EmployeeSerializer})
    @idempotent
    def post(self, request: Request, employer_id: uuid.UUID) -> Response:
        """Name somebody; the answer is the same whether anybody here has the number or not."""
        employee_queries.employer_for(actor_of(request), employer_id)
        facts = valid(NewEmployeeSerializer(data=request.data))
        key = employee_operations.add(employer_id=employer_id, **facts, by=actor_of(request), at=clock.now())
        row = employee_queries.employee_for(actor_of(request), employer_id, key)
        return Response(EmployeeSerializer(row).data, status=201)


@access.requires(rules.clerk)
class EmployeeEnding(APIView):
    """Somebody taken off an employer's list."""

    @extend_schema(request=None, responses=EmployeeSerializer)
    @idempotent
    def post(self, request: Request, employer_id: uuid.UUID, employee_id: uuid.UUID) -> Response:
        """Take them off."""
        employee_queries.employee_for(actor_of(request), employer_id, employee_id)
        employee_operations.take_off(
            employer_id=employer_id, employee_id=employee_id, by=actor_of(request), at=clock.now()
        )
        return Response(
            EmployeeSerializer(employee_queries.employee_for(actor_of(request), employer_id, employee_id)).data
        )


@access.signed_in
class OwnEmployments(APIView):
    """The employers that named the caller."""

    @extend_schema(operation_id="employments", responses=EmploymentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return them, newest first."""
        return conditional(request, EmploymentSerializer(employee_queries.named_by(actor_of(request)), many=True).data)


@access.signed_in
class Answer(APIView):
    """What the caller answers an employer."""

    @extend_schema(request=AnswerSerializer, responses=EmploymentSerializer)
    @idempotent
    def post(self, request: Request, employee_id: uuid.UUID) -> Response:
        """Agree, with the separate consent to pass on; or do not."""
        employee_queries.named_by_one(actor_of(request), employee_id)
        facts = valid(AnswerSerializer(data=request.data))
        employee_operations.answer(employee_id=employee_id, **facts, by=actor_of(request), at=clock.now())
        return Response(EmploymentSerializer(employee_queries.named_by_one(actor_of(request), employee_id)).data)


@access.signed_in
class Leaving(APIView):
    """An agreement that the caller ends."""

    @extend_schema(request=None, responses=EmploymentSerializer)
    @idempotent
    def post(self, request: Request, employee_id: uuid.UUID) -> Response:
        """End it; the consent is taken back."""
        employee_operations.leave(employee_id=employee_id, by=actor_of(request), at=clock.now())
        return Response(EmploymentSerializer(employee_queries.named_by_one(actor_of(request), employee_id)).data)
