"""Addresses of institutions: the citizen's home, the public list and pages, the authority's decisions, how an operator
keeps their schemas, the API."""

from django.urls import path, re_path

from . import rest, views

app_name = "institutions"
urlpatterns = [
    path("", views.home, name="home"),
    path("institutions/", views.listing, name="list"),
    # "apply" is the registry's (/institutions/apply/) and no institution's slug.
    re_path(r"^institutions/(?!apply/)(?P<slug>[a-z0-9-]+)/$", views.institution, name="page"),
    path("organisations/<uuid:organisation_id>/enrolment/", views.enrolment, name="enrolment"),
    path("authority/institutions/", views.jurisdiction, name="jurisdiction"),
    path("authority/institutions/<uuid:organisation_id>/", views.ruling, name="ruling"),
    path("operator/institutions/", views.hosting, name="hosting"),
    path("operator/institutions/<uuid:institution_id>/", views.hosting_detail, name="hosting-detail"),
    path("operator/institutions/<uuid:institution_id>/archives/", views.archive, name="archive"),
    path("operator/institutions/<uuid:institution_id>/retirement/", views.retirement, name="retirement"),
    path("operator/institutions/<uuid:institution_id>/reopening/", views.reopening, name="reopening"),
    path("operator/institutions/<uuid:institution_id>/deletion/", views.deletion, name="deletion"),
    path("operator/institutions/<uuid:institution_id>/deletion/withdrawal/", views.withdrawal, name="withdrawal"),
    path("operator/institutions/<uuid:institution_id>/deletion/approval/", views.approval, name="approval"),
    path("operator/institutions/<uuid:institution_id>/copies/<int:copy_id>/place/", views.copy_place, name="place"),
    path("operator/institutions/<uuid:institution_id>/copies/<int:copy_id>/removal/", views.copy_removal, name="drop"),
]
api_patterns = [path("institutions/", rest.Institutions.as_view(), name="institutions")]
