"""Addresses of rosters at an institution's host. The seat's order and withdrawal are billing's."""

from django.urls import path

from . import rest
from .views import rosters, staff, trainee

app_name = "rosters"
urlpatterns = [
    path("classes/<uuid:class_id>/apply/", trainee.apply, name="apply"),
    path("my/enrolments/<uuid:enrolment_id>/", trainee.enrolment, name="my-enrolment"),
    path("staff/enrolments/", staff.enrolments, name="enrolments"),
    path("staff/enrolments/new/", staff.counter_application, name="counter"),
    path("staff/rosters/", rosters.roster_list, name="rosters"),
    path("staff/rosters/template/", rosters.template, name="roster-template"),
    path("staff/rosters/<uuid:roster_id>/", rosters.roster, name="roster"),
    path("staff/rosters/<uuid:roster_id>/taking/", rosters.take, name="roster-taking"),
    path("staff/rosters/<uuid:roster_id>/removal/", rosters.drop, name="roster-removal"),
    path("staff/rosters/<uuid:roster_id>/report/", rosters.report, name="roster-report"),
    path("staff/enrolments/<uuid:enrolment_id>/", staff.enrolment, name="enrolment"),
    path("staff/enrolments/<uuid:enrolment_id>/originals/", staff.originals, name="originals"),
    path("staff/enrolments/<uuid:enrolment_id>/decision/", staff.decision, name="decision"),
]
api_patterns = [
    path("rosters/", rest.Rosters.as_view(), name="rosters"),
    path("rosters/<uuid:roster_id>/", rest.RosterDetail.as_view(), name="roster"),
    path("rosters/<uuid:roster_id>/lines/", rest.RosterLines.as_view(), name="roster-lines"),
    path("rosters/<uuid:roster_id>/taking/", rest.RosterTaking.as_view(), name="roster-taking"),
]
