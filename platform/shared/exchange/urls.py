"""Addresses of the outside systems: the wire in, and the API of enrolment entries."""

from django.urls import path

from . import rest, webhooks

app_name = "exchange"
urlpatterns = [
    path("exchange/in/<slug:system>/<slug:kind>/", webhooks.take, name="take"),
    path("exchange/in/<slug:system>/<slug:kind>/<str:key>/", webhooks.answer, name="answer"),
]
api_patterns = [
    path("entry/", rest.Entry.as_view(), name="entry"),
    path("exchange/enrolments/", rest.Enrolments.as_view(), name="enrolments"),
    path("exchange/enrolments/<str:key>/", rest.Enrolment.as_view(), name="enrolment"),
]
