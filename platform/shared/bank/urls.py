"""Addresses of the bank, at the platform's host only."""

from django.urls import path

from . import views

app_name = "bank"
urlpatterns = [
    path("authority/bank/", views.positions, name="positions"),
    path("authority/bank/<slug:key>/", views.position, name="position"),
]
