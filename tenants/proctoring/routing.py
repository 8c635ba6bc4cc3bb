"""The sockets of an institution's live rooms."""

from django.urls import path

from .consumers import RoomConsumer

websocket_urlpatterns = [path("live/rooms/<uuid:sitting_id>/", RoomConsumer.as_asgi())]
