"""Addresses of rooms, sittings and candidates at an institution's host."""

from django.urls import path

from .views import rooms, ticket
from .views import sittings as sitting_views

app_name = "sittings"
urlpatterns = [
    path("staff/rooms/", rooms.rooms, name="rooms"),
    path("staff/rooms/<uuid:room_id>/editing/", rooms.editing, name="room-editing"),
    path("staff/rooms/<uuid:room_id>/withdrawal/", rooms.withdrawal, name="room-withdrawal"),
    path("staff/sittings/", sitting_views.sitting_list, name="sittings"),
    path("staff/sittings/new/", sitting_views.new_sitting, name="sitting-new"),
    path("staff/sittings/<uuid:sitting_id>/", sitting_views.sitting, name="sitting"),
    path("staff/sittings/<uuid:sitting_id>/candidates/", sitting_views.choose_candidates, name="candidates"),
    path("staff/candidacies/<uuid:candidacy_id>/removal/", sitting_views.removal, name="removal"),
    path("staff/sittings/<uuid:sitting_id>/filing/", sitting_views.filing, name="filing"),
    path("staff/sittings/<uuid:sitting_id>/chief/", sitting_views.chief, name="chief"),
    path("my/tests/<uuid:candidacy_id>/ticket/", ticket.ticket, name="ticket"),
]
