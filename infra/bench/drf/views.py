"""A save over DRF and the ORM."""

import uuid
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.attempts.methods import timing as timing_methods
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.timing import Timing, Verdict
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt


class AnswerIn(serializers.Serializer[Any]):
    """One change of an answer, checked as strictly as the gateway does."""

    seq = serializers.IntegerField(min_value=1, max_value=1_000_000)
    question = serializers.RegexField(r"^[1-9][0-9]{0,2}(\.[a-z])?$")
    choice = serializers.RegexField(r"^[A-Z]{0,8}$", allow_blank=True)
    client_at = serializers.DateTimeField()


class SaveIn(serializers.Serializer[Any]):
    """Changes of answers under one lease."""

    epoch = serializers.IntegerField(min_value=1)
    answers = AnswerIn(many=True, allow_empty=False, max_length=200)  # type: ignore[call-arg]  # of the list it makes


class Answers(APIView):
    """Saves in one transaction: locks the attempt, judges, appends."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)

    def post(self, request: Request, attempt_id: uuid.UUID) -> Response:
        """Save, and answer after COMMIT."""
        now = timezone.now()
        try:
            token = token_methods.read_token(request.headers.get("Authorization", "").removeprefix("Bearer "), now)
        except token_methods.BadToken:
            return Response(status=401)
        if token.attempt_id != attempt_id or token.schema != connection.schema_name:  # type: ignore[attr-defined]  # django-tenants'
            return Response(status=401)
        body = SaveIn(data=request.data)
        body.is_valid(raise_exception=True)
        sent = body.validated_data
        with transaction.atomic():
            row = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
            timing = Timing(row.state, row.started_at, row.working_time, row.added_time, row.held_time, row.held_since)
            verdict = timing_methods.judge(timing, now, epoch=sent["epoch"], lease_epoch=row.lease_epoch)
            if verdict is not Verdict.ACCEPTED:
                return Response(status=409)
            AnswerLog.objects.bulk_create(
                [AnswerLog(attempt_id=attempt_id, epoch=sent["epoch"], server_at=now, **a) for a in sent["answers"]],
                ignore_conflicts=True,
            )
        ends = timing_methods.deadline(timing, now)
        return Response({"acked": [a["seq"] for a in sent["answers"]], "server_now": now, "deadline": ends})
