"""Description of what the gateway of a test answers; it stands beside Django (tenants.attempts.gateway)."""

from typing import Any

from django.http import JsonResponse
from rest_framework import serializers

from kernel import access
from kernel.web.http import Request
from kernel.web.openapi import described

from .methods.protocol import HIGHEST_SEQ

AUTH = "attemptToken"


class OptionSerializer(serializers.Serializer[object]):
    """An option under its letter."""

    key = serializers.CharField()
    text = serializers.CharField()


class PartSerializer(serializers.Serializer[object]):
    """A question of a case."""

    code = serializers.CharField()
    kind = serializers.CharField()
    stem = serializers.CharField()
    options = OptionSerializer(many=True)


class PaperItemSerializer(PartSerializer):
    """An item of the paper; a case has parts and no options."""

    no = serializers.IntegerField()
    parts = PartSerializer(many=True)


class CandidateSerializer(serializers.Serializer[object]):
    """Who sits where."""

    name = serializers.CharField()
    seat = serializers.CharField(allow_blank=True)


class ResultSerializer(serializers.Serializer[object]):
    """The result, shown at once."""

    score = serializers.CharField()
    passed = serializers.BooleanField()
    provisional = serializers.BooleanField()
    full_mark = serializers.IntegerField()
    pass_mark = serializers.IntegerField()
    rating_url = serializers.CharField()


class StateSerializer(serializers.Serializer[object]):
    """How the test stands."""

    state = serializers.ChoiceField(["waiting", "ready", "started", "held", "finished"])
    deadline = serializers.DateTimeField(allow_null=True)
    server_now = serializers.DateTimeField()
    notice = serializers.CharField(allow_blank=True)


class AttemptSerializer(StateSerializer):
    """Everything that a test page needs."""

    epoch = serializers.IntegerField(help_text="of the page's lease: a newer page has a higher one")
    last_seq = serializers.IntegerField()
    answers = serializers.DictField(child=serializers.CharField())
    trainee = CandidateSerializer()
    paper = PaperItemSerializer(many=True, required=False)
    demo = serializers.BooleanField(required=False)
    result = ResultSerializer(required=False)


class AnswerSerializer(serializers.Serializer[object]):
    """One change of an answer."""

    seq = serializers.IntegerField(min_value=1, max_value=HIGHEST_SEQ)
    question = serializers.CharField(help_text="12, or 71.a for a question of a case")
    choice = serializers.CharField(allow_blank=True, max_length=8, help_text="letters, empty to take back")
    client_at = serializers.DateTimeField()


class SaveSerializer(serializers.Serializer[object]):
    """Changes of answers under one lease."""

    epoch = serializers.IntegerField(min_value=1)
    answers = AnswerSerializer(many=True)


class SavedSerializer(serializers.Serializer[object]):
    """The numbers of the changes that are saved."""

    acked = serializers.ListField(child=serializers.IntegerField())
    server_now = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)


class FinishSerializer(serializers.Serializer[object]):
    """The word that the candidate is done, and the number of their last change."""

    epoch = serializers.IntegerField(min_value=1)
    last_seq = serializers.IntegerField(min_value=0, max_value=HIGHEST_SEQ)


@described("attempt", method="get", auth=AUTH, responses=AttemptSerializer)
@access.public
def load(request: Request, attempt: Any) -> JsonResponse:
    """Return everything that the test page needs."""
    raise NotImplementedError


@described("attempt_state", method="get", auth=AUTH, responses=StateSerializer)
@access.public
def state(request: Request, attempt: Any) -> JsonResponse:
    """Return how the test stands; a sign of life of the page, too."""
    raise NotImplementedError


@described("attempt_start", auth=AUTH, responses=AttemptSerializer)
@access.public
def start(request: Request, attempt: Any) -> JsonResponse:
    """Start the clock."""
    raise NotImplementedError


@described("attempt_save", auth=AUTH, request=SaveSerializer, responses=SavedSerializer)
@access.public
def answers(request: Request, attempt: Any) -> JsonResponse:
    """Save changes of answers; they are acknowledged once they are committed."""
    raise NotImplementedError


@described("attempt_finish", auth=AUTH, request=FinishSerializer, responses=ResultSerializer)
@access.public
def finish(request: Request, attempt: Any) -> JsonResponse:
    """Hand in, and see the result."""
    raise NotImplementedError
