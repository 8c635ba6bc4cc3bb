"""Addresses of exams at an institution's host."""

from django.urls import path

from .views import conduct, rooms, sittings, trainee

app_name = "exams"
urlpatterns = [
    path("staff/rooms/", rooms.rooms, name="rooms"),
    path("staff/rooms/<uuid:room_id>/withdrawal/", rooms.withdrawal, name="room-withdrawal"),
    path("staff/sittings/", sittings.sittings, name="sittings"),
    path("staff/sittings/new/", sittings.new_sitting, name="sitting-new"),
    path("staff/sittings/<uuid:sitting_id>/", sittings.sitting, name="sitting"),
    path("staff/sittings/<uuid:sitting_id>/candidates/", sittings.candidates, name="candidates"),
    path("staff/candidacies/<uuid:candidacy_id>/removal/", sittings.removal, name="removal"),
    path("staff/sittings/<uuid:sitting_id>/filing/", conduct.filing, name="filing"),
    path("staff/sittings/<uuid:sitting_id>/opening/", conduct.opening, name="opening"),
    path("staff/sittings/<uuid:sitting_id>/beginning/", conduct.beginning, name="beginning"),
    path("staff/sittings/<uuid:sitting_id>/closing/", conduct.closing, name="closing"),
    path("staff/sittings/<uuid:sitting_id>/finalisation/", conduct.finalisation, name="finalisation"),
    path("staff/sittings/<uuid:sitting_id>/cancellation/", conduct.cancellation, name="cancellation"),
    path("my/tests/", trainee.tests, name="tests"),
    path("my/tests/<uuid:candidacy_id>/ticket/", trainee.ticket, name="ticket"),
    path("my/attempts/<uuid:attempt_id>/", trainee.attempt, name="attempt"),
    path("my/attempts/<uuid:attempt_id>/score/", trainee.score, name="score"),
    path("my/attempts/<uuid:attempt_id>/rating/", trainee.rating, name="rating"),
]
