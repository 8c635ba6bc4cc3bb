"""Addresses of privacy."""

from django.urls import path

from .views import notice

app_name = "privacy"

urlpatterns = [
    path("account/privacy/notice/", notice.notice, name="notice"),
    path("account/privacy/notice/<str:version>/", notice.notice, name="notice-version"),
]
