"""Addresses of institutions: the public list and pages, the authority's decisions, the API."""

from django.urls import path, re_path

from . import rest
from .views import listing

app_name = "institutions"
urlpatterns = [
    path("institutions/", listing.listing, name="list"),
    # "apply" is the registry's (/institutions/apply/) and no institution's slug.
    re_path(r"^institutions/(?!apply/)(?P<slug>[a-z0-9-]+)/$", listing.institution, name="page"),
    path("organisations/<uuid:organisation_id>/enrolment/", listing.enrolment, name="enrolment"),
    path("authority/institutions/", listing.jurisdiction, name="jurisdiction"),
    path("authority/institutions/<uuid:organisation_id>/", listing.ruling, name="ruling"),
]
api_patterns = [path("institutions/", rest.Institutions.as_view(), name="institutions")]
