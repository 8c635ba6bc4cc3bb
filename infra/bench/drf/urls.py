"""The gateway's path for saves, and health."""

from django.urls import path

from config import pages
from infra.bench.drf.views import Answers

urlpatterns = [
    path("healthz", pages.health),
    path("live/attempts/<uuid:attempt_id>/answers/", Answers.as_view()),
]
