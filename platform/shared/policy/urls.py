"""Addresses of the law: to read at every host, to enter at the platform's, for machines under /api/v1/."""

from django.urls import path

from . import rest, views

app_name = "policy"
institution_patterns = [
    path("policy/", views.pack, name="pack"),
    path("policy/versions/<str:version>/", views.pack_version, name="pack-version"),
    path("policy/versions/<str:version>/file/", views.pack_version_file, name="pack-version-file"),
]
urlpatterns = [
    *institution_patterns,
    path("authority/caps/", views.caps, name="caps"),
    path("authority/caps/new/", views.new_cap, name="cap-new"),
    path("authority/caps/<uuid:cap_id>/", views.cap, name="cap"),
    path("authority/caps/<uuid:cap_id>/ending/", views.ending, name="cap-ending"),
    path("authority/calendar/", views.calendar, name="calendar"),
    path("authority/calendar/<int:year>/", views.calendar, name="calendar-year"),
    path("authority/calendar/<int:year>/plans/", views.plans, name="calendar-plans"),
    path("authority/calendar/<int:year>/days/", views.days, name="calendar-days"),
    path("authority/calendar/<int:year>/<int:month>/<int:day>/clearing/", views.clearing, name="calendar-clearing"),
    path("authority/policy/", views.desk, name="desk"),
    path("authority/policy/versions/<str:version>/", views.version, name="version"),
    path("authority/policy/versions/<str:version>/file/", views.version_file, name="version-file"),
    path("authority/policy/imports/", views.imports, name="imports"),
    path("authority/policy/drafts/", views.drafts, name="drafts"),
    path("authority/policy/drafts/<uuid:draft_id>/", views.draft, name="draft"),
    path("authority/policy/drafts/<uuid:draft_id>/file/", views.draft_file, name="draft-file"),
    path("authority/policy/drafts/<uuid:draft_id>/sections/<slug:name>/", views.draft_section, name="draft-section"),
    path("authority/policy/drafts/<uuid:draft_id>/submission/", views.submission, name="draft-submission"),
    path("authority/policy/drafts/<uuid:draft_id>/approval/", views.approval, name="draft-approval"),
    path("authority/policy/drafts/<uuid:draft_id>/return/", views.returning, name="draft-return"),
    path("authority/policy/drafts/<uuid:draft_id>/withdrawal/", views.withdrawal, name="draft-withdrawal"),
]
api_patterns = [
    path("positions/", rest.Positions.as_view(), name="positions"),
    path("policy/", rest.Policy.as_view(), name="policy"),
]
