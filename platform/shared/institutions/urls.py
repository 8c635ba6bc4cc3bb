"""Addresses of institutions: the citizen's home, the public list and pages, the authority's decisions, the API."""

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
]
api_patterns = [path("institutions/", rest.Institutions.as_view(), name="institutions")]
