"""Addresses of one's own tests at an institution's host."""

from django.urls import path

from . import views

app_name = "attempts"
urlpatterns = [
    path("my/tests/", views.tests, name="tests"),
    path("my/attempts/<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("my/attempts/<uuid:attempt_id>/score/", views.score, name="score"),
    path("my/attempts/<uuid:attempt_id>/rating/", views.rating, name="rating"),
]
