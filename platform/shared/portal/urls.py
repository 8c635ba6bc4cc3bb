"""Addresses of every role's home at the platform's host."""

from django.urls import path

from . import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("account/home/", views.account_home, name="account-home"),
    path("authority/", views.authority, name="authority"),
    path("employer/", views.employer, name="employer"),
    path("operator/", views.operator, name="operator"),
]
