"""Addresses of one's own tests at an institution's host."""

from django.urls import path

from . import rest, views

app_name = "attempts"
urlpatterns = [
    path("my/tests/", views.tests, name="tests"),
    path("my/attempts/<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("my/attempts/<uuid:attempt_id>/score/", views.score, name="score"),
    path("my/attempts/<uuid:attempt_id>/rating/", views.rating, name="rating"),
]
gateway_patterns = [
    path("live/attempts/<uuid:attempt>/", rest.load),
    path("live/attempts/<uuid:attempt>/state/", rest.state),
    path("live/attempts/<uuid:attempt>/start/", rest.start),
    path("live/attempts/<uuid:attempt>/answers/", rest.answers),
    path("live/attempts/<uuid:attempt>/finish/", rest.finish),
]
"""Answered by the gateway before Django is asked (config.asgi), and described with the rest."""
