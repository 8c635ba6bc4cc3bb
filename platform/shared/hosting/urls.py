"""Addresses of hosting: how an operator keeps the institutions' schemas."""

from django.urls import path

from . import views

app_name = "hosting"
INSTITUTION = "operator/institutions/<uuid:institution_id>/"
urlpatterns = [
    path("operator/institutions/", views.hosting, name="list"),
    path(INSTITUTION, views.hosting_detail, name="detail"),
    path(f"{INSTITUTION}archives/", views.archive, name="archive"),
    path(f"{INSTITUTION}retirement/", views.retirement, name="retirement"),
    path(f"{INSTITUTION}reopening/", views.reopening, name="reopening"),
    path(f"{INSTITUTION}deletion/", views.deletion, name="deletion"),
    path(f"{INSTITUTION}deletion/withdrawal/", views.withdrawal, name="withdrawal"),
    path(f"{INSTITUTION}deletion/approval/", views.approval, name="approval"),
    path(f"{INSTITUTION}copies/<int:copy_id>/place/", views.copy_place, name="place"),
    path(f"{INSTITUTION}copies/<int:copy_id>/removal/", views.copy_removal, name="drop"),
]
