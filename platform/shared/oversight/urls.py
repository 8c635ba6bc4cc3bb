"""Addresses of oversight at the platform's host."""

from django.urls import path

from . import views

app_name = "oversight"
urlpatterns = [
    path("authority/board/", views.board, name="board"),
    path("authority/board/sittings/", views.sittings, name="sittings"),
    path("authority/board/incidents/", views.incidents, name="incidents"),
    path("authority/board/prices/", views.prices, name="prices"),
    path("authority/board/classes/", views.classes, name="classes"),
]
