"""Addresses of notices at the platform's host."""

from django.urls import path

from . import rest, views

app_name = "notices"

urlpatterns = [
    path("account/notices/", views.inbox, name="inbox"),
    path("account/notices/reading/", views.read_all, name="reading"),
    path("account/notices/<uuid:notice_id>/", views.open_notice, name="notice"),
    path("operator/outbox/", views.outbox, name="outbox"),
    path("demo/outbox/", views.demo_outbox, name="demo-outbox"),
]

api_patterns = [path("notices/", rest.NoticesView.as_view(), name="notices")]
