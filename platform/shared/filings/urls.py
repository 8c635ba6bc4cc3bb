"""Addresses of the search of classes at the platform's host."""

from django.urls import path

from . import rest, views

app_name = "filings"
urlpatterns = [
    path("classes/", views.classes, name="classes"),
    path("classes/compare/", views.comparison, name="comparison"),
]
api_patterns = [
    path("classes/", rest.Classes.as_view(), name="classes"),
    path("classes/<uuid:class_id>/", rest.Class.as_view(), name="class"),
]
