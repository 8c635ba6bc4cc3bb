"""Addresses of the bank, at the platform's host only."""

from django.urls import path

from . import views

app_name = "bank"
urlpatterns = [
    path("authority/bank/", views.positions, name="positions"),
    path("authority/bank/imports/", views.imports, name="imports"),
    path("authority/bank/imports/template.xlsx", views.template, name="template"),
    path("authority/bank/imports/<uuid:file_id>/", views.import_, name="import"),
    path("authority/bank/<slug:key>/", views.position, name="position"),
]
