"""Addresses of the live room at an institution's host."""

from django.urls import path, re_path

from .states import Verb
from .views import conduct, record
from .views import room as room_views

app_name = "proctoring"
_VERBS = "|".join(Verb.values)
_KEY = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
urlpatterns = [
    path("staff/sittings/<uuid:sitting_id>/room/", room_views.room, name="room"),
    path("staff/sittings/<uuid:sitting_id>/room.json", room_views.room_json, name="room-json"),
    path("staff/sittings/<uuid:sitting_id>/commands/", room_views.commands, name="commands"),
    re_path(
        rf"^staff/candidacies/(?P<candidacy_id>{_KEY})/(?P<verb>{_VERBS})/$",
        room_views.candidacy_command,
        name="candidacy-command",
    ),
    path("staff/sittings/<uuid:sitting_id>/incidents/", record.incidents, name="incidents"),
    path("staff/incidents/<uuid:incident_id>/", record.incident, name="incident"),
    path("staff/sittings/<uuid:sitting_id>/opening/", conduct.opening, name="opening"),
    path("staff/sittings/<uuid:sitting_id>/beginning/", conduct.beginning, name="beginning"),
    path("staff/sittings/<uuid:sitting_id>/closing/", conduct.closing, name="closing"),
    path("staff/sittings/<uuid:sitting_id>/reopening/", conduct.reopening, name="reopening"),
    path("staff/sittings/<uuid:sitting_id>/finalisation/", conduct.finalisation, name="finalisation"),
    path("staff/sittings/<uuid:sitting_id>/cancellation/", conduct.cancellation, name="cancellation"),
    path("staff/sittings/<uuid:sitting_id>/minutes/", record.minutes, name="minutes"),
    path("staff/sittings/<uuid:sitting_id>/attendance/", record.attendance, name="attendance"),
]
