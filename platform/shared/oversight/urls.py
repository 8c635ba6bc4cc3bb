"""Addresses of oversight at the platform's host."""

from django.urls import path

from . import rest, views

app_name = "oversight"
urlpatterns = [
    path("authority/", views.desk, name="desk"),
    path("authority/board/", views.board, name="board"),
    path("authority/board/sittings/", views.sittings, name="sittings"),
    path("authority/board/incidents/", views.incidents, name="incidents"),
    path("authority/board/prices/", views.prices, name="prices"),
]
api_patterns = [path("operator/periodic-tasks/", rest.PeriodicTask.as_view(), name="periodic-tasks")]
