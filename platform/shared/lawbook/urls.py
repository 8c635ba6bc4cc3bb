"""Addresses of the law: to read at every host, to enter at the platform's."""

from django.urls import path

from .views import calendar as calendar_views
from .views import caps as cap_views
from .views import desk, drafting
from .views import packs as pack_views

app_name = "lawbook"
institution_patterns = [
    path("policy/", pack_views.pack, name="pack"),
    path("policy/versions/<str:version>/", pack_views.pack_version, name="pack-version"),
    path("policy/versions/<str:version>/file/", pack_views.pack_version_file, name="pack-version-file"),
]
urlpatterns = [
    *institution_patterns,
    path("authority/caps/", cap_views.cap_list, name="caps"),
    path("authority/caps/new/", cap_views.new_cap, name="cap-new"),
    path("authority/caps/proposals/<uuid:proposal_id>/", cap_views.proposal, name="cap-proposal"),
    path("authority/caps/<uuid:cap_id>/", cap_views.cap, name="cap"),
    path("authority/caps/<uuid:cap_id>/ending/", cap_views.ending, name="cap-ending"),
    path("authority/calendar/", calendar_views.calendar_year, name="calendar"),
    path("authority/calendar/<year:year>/", calendar_views.calendar_year, name="calendar-year"),
    path("authority/calendar/<year:year>/plans/", calendar_views.plans, name="calendar-plans"),
    path("authority/calendar/<year:year>/days/", calendar_views.days, name="calendar-days"),
    path(
        "authority/calendar/<year:year>/<int:month>/<int:day>/clearing/",
        calendar_views.clearing,
        name="calendar-clearing",
    ),
    path("authority/policy/", desk.version_list, name="desk"),
    path("authority/policy/versions/<str:version>/", desk.version, name="version"),
    path("authority/policy/versions/<str:version>/file/", desk.version_file, name="version-file"),
    path("authority/policy/imports/", desk.imports, name="imports"),
    path("authority/policy/drafts/", desk.drafts, name="drafts"),
    path("authority/policy/drafts/<uuid:draft_id>/", desk.draft, name="draft"),
    path("authority/policy/drafts/<uuid:draft_id>/file/", drafting.draft_file, name="draft-file"),
    path("authority/policy/drafts/<uuid:draft_id>/sections/<slug:name>/", drafting.draft_section, name="draft-section"),
    path("authority/policy/drafts/<uuid:draft_id>/submission/", desk.submission, name="draft-submission"),
    path("authority/policy/drafts/<uuid:draft_id>/approval/", desk.approval, name="draft-approval"),
    path("authority/policy/drafts/<uuid:draft_id>/return/", desk.returning, name="draft-return"),
    path("authority/policy/drafts/<uuid:draft_id>/withdrawal/", desk.withdrawal, name="draft-withdrawal"),
]
