"""What the protocol of <nx-lesson> says in JSON, for the description of the API."""

from rest_framework import serializers

from ..operations import study


class LessonSecondsSerializer(serializers.Serializer[object]):
    """A lesson's length, and what of it is credited to the learner."""

    seconds = serializers.IntegerField()
    credited = serializers.IntegerField()


class StudySessionSerializer(serializers.Serializer[object]):
    """An open study session: a heartbeat every `every` seconds, each with the nonce of the answer before."""

    session = serializers.UUIDField()
    nonce = serializers.CharField()
    every = serializers.IntegerField()
    heartbeats = serializers.CharField(help_text="path to send heartbeats to")
    ending = serializers.CharField(help_text="path that ends the session")
    lesson = LessonSecondsSerializer()


class HeartbeatSerializer(serializers.Serializer[object]):
    """A sign that the lesson is being followed."""

    nonce = serializers.CharField()
    seconds = serializers.IntegerField(min_value=0, max_value=86_400)
    position = serializers.IntegerField(min_value=0, max_value=86_400, required=False, help_text="of a video")


class HoursSerializer(serializers.Serializer[study.HeartbeatResult]):
    """Class hours of the learner."""

    credited = serializers.FloatField()
    required = serializers.FloatField()  # type: ignore[assignment]  # whether a field must be there is another thing
    complete = serializers.BooleanField()


class HeartbeatResultSerializer(serializers.Serializer[study.HeartbeatResult]):
    """What was credited and, where less than claimed, why."""

    nonce = serializers.CharField()
    credited = serializers.IntegerField()
    stop = serializers.CharField()
    words = serializers.CharField()
    lesson = LessonSecondsSerializer()
    hours = HoursSerializer()
