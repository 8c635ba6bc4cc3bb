"""What machines read and send of employers."""

import base64
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from kernel.access import Actor
from shared.identity.states import DocumentType

MOST_LETTER = 28 * 1024 * 1024  # characters: 20 MB as base64


def actor_of(request: Request) -> Actor:
    """Return who calls."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
    return actor


def valid(body: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return what was sent; refuses what cannot be right."""
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class RegistrationSerializer(serializers.Serializer[Any]):
    """A registration; the telephone masked."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    credit_code = serializers.CharField()
    division_code = serializers.CharField()
    authority_code = serializers.CharField()
    telephone = serializers.CharField(help_text="masked")
    applied_name = serializers.CharField()
    applied_at = serializers.DateTimeField()
    stands_until = serializers.DateField()
    has_letter = serializers.BooleanField()
    way = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    employer_id = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    state_since = serializers.DateTimeField()


class NewRegistrationSerializer(serializers.Serializer[Any]):
    """An employer to be registered; the stamped letter as base64."""

    name = serializers.CharField(min_length=4, max_length=120)
    credit_code = serializers.CharField(max_length=24)
    division_code = serializers.CharField(max_length=6)
    telephone = serializers.CharField(max_length=20)
    letter = serializers.CharField(max_length=MOST_LETTER, required=False, allow_blank=True)
    letter_name = serializers.CharField(max_length=200, required=False, default="letter.pdf")

    def validate_letter(self, value: str) -> bytes | None:
        """Return the letter's bytes."""
        try:
            return base64.b64decode(value, validate=True) or None
        except ValueError:
            raise serializers.ValidationError("base64") from None


class CodeSerializer(serializers.Serializer[Any]):
    """The code that came to the employer's telephone."""

    code = serializers.CharField(max_length=20)


class ProvenSerializer(serializers.Serializer[Any]):
    """Whether the code was the right one; a wrong one is counted."""

    right = serializers.BooleanField()
    state = serializers.CharField()


class DecisionSerializer(serializers.Serializer[Any]):
    """An officer's decision on a registration."""

    prove = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class ReasonSerializer(serializers.Serializer[Any]):
    """Why something ends; may be left out where the act says so."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ClerkSerializer(serializers.Serializer[Any]):
    """Somebody who acts for the employer."""

    id = serializers.UUIDField(help_text="of the role")
    name = serializers.CharField()
    identifier = serializers.CharField(help_text="masked")
    granted_at = serializers.DateTimeField()


class NewClerkSerializer(serializers.Serializer[Any]):
    """Somebody to be invited."""

    identifier = serializers.CharField(max_length=254)
    name = serializers.CharField(max_length=30)


class EmployeeSerializer(serializers.Serializer[Any]):
    """A row of the employer's list; who declined looks like who did not answer."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    id_number = serializers.CharField(source="masked_id", help_text="masked")
    added_at = serializers.DateTimeField()
    stands_until = serializers.DateField()
    state = serializers.CharField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class NewEmployeeSerializer(serializers.Serializer[Any]):
    """Somebody to be named."""

    name = serializers.CharField(max_length=60)
    id_number = serializers.CharField(max_length=40)
    id_type = serializers.ChoiceField(choices=DocumentType.choices, default=DocumentType.RESIDENT)


class EmploymentSerializer(serializers.Serializer[Any]):
    """An employer that named the caller."""

    id = serializers.UUIDField()
    employer = serializers.CharField()
    credit_code = serializers.CharField()
    added_at = serializers.DateTimeField()
    stands_until = serializers.DateField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField()


class AnswerSerializer(serializers.Serializer[Any]):
    """Whether the caller agrees."""

    agree = serializers.BooleanField()
