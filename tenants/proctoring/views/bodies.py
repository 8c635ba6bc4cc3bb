"""What a room says in JSON, for the description of the API."""

from rest_framework import serializers

from tenants.attempts.states import AttemptState, Document

from ..states import Verb


class RoomSittingSerializer(serializers.Serializer[object]):
    """The sitting of a room."""

    title = serializers.CharField()
    state = serializers.CharField()


class SeatSerializer(serializers.Serializer[object]):
    """A seat as it stands, with the commands that are open for it."""

    seat = serializers.CharField(allow_blank=True)
    candidacy = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(AttemptState.choices)
    answered = serializers.IntegerField()
    total = serializers.IntegerField()
    last_ping_age = serializers.FloatField(allow_null=True, help_text="seconds since the page was last heard of")
    deadline = serializers.DateTimeField(allow_null=True)
    moves = serializers.ListField(child=serializers.ChoiceField(Verb.choices))
    wants = serializers.CharField(required=False, help_text="what this seat wants of a person")


class RoomIncidentSerializer(serializers.Serializer[object]):
    """An incident in the room."""

    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is another thing
    words = serializers.CharField()
    at = serializers.DateTimeField()
    candidacy = serializers.UUIDField(allow_null=True)
    open = serializers.BooleanField()
    url = serializers.CharField()


class RoomSerializer(serializers.Serializer[object]):
    """The whole room as it stands at event `n`."""

    type = serializers.CharField()
    n = serializers.IntegerField()
    server_now = serializers.DateTimeField()
    sitting = RoomSittingSerializer()
    seats = SeatSerializer(many=True)
    incidents = RoomIncidentSerializer(many=True)


class CandidacyCommandSerializer(serializers.Serializer[object]):
    """What a command needs besides its verb."""

    reason = serializers.CharField(required=False, help_text="where the command needs one")
    minutes = serializers.IntegerField(required=False, help_text="of `time`")
    document = serializers.ChoiceField(Document.choices, required=False, help_text="of `check_in`")


class CommandSerializer(CandidacyCommandSerializer):
    """A command for one seat of the room."""

    candidacy = serializers.UUIDField()
    verb = serializers.ChoiceField(Verb.choices)


class CommandResultSerializer(serializers.Serializer[object]):
    """What was done."""

    done = serializers.ChoiceField(Verb.choices)
    candidacy = serializers.UUIDField()
