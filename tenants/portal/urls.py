"""Addresses of the homes of trainees and staff at an institution's host."""

from django.urls import path

from . import views

app_name = "tenant_portal"
urlpatterns = [path("my/", views.my, name="my"), path("staff/", views.staff, name="staff")]
