"""Addresses of the law: to read at every host, to enter at the platform's, for machines under /api/v1/."""

from django.urls import path

from . import rest, views

app_name = "policy"
institution_patterns = [path("policy/", views.law, name="law")]
urlpatterns = [
    *institution_patterns,
    path("authority/caps/", views.caps, name="caps"),
    path("authority/caps/new/", views.new_cap, name="cap-new"),
    path("authority/caps/<uuid:cap_id>/", views.cap, name="cap"),
    path("authority/caps/<uuid:cap_id>/ending/", views.ending, name="cap-ending"),
]
api_patterns = [
    path("positions/", rest.Positions.as_view(), name="positions"),
    path("policy/", rest.Policy.as_view(), name="policy"),
]
