"""Addresses of rosters at an institution's host. The seat's order and withdrawal are billing's."""

from django.urls import path

from .views import staff, trainee

app_name = "rosters"
urlpatterns = [
    path("classes/<uuid:class_id>/apply/", trainee.apply, name="apply"),
    path("my/enrolments/<uuid:enrolment_id>/", trainee.enrolment, name="my-enrolment"),
    path("staff/enrolments/", staff.enrolments, name="enrolments"),
    path("staff/enrolments/new/", staff.counter_application, name="counter"),
    path("staff/enrolments/<uuid:enrolment_id>/", staff.enrolment, name="enrolment"),
    path("staff/enrolments/<uuid:enrolment_id>/originals/", staff.originals, name="originals"),
    path("staff/enrolments/<uuid:enrolment_id>/decision/", staff.decision, name="decision"),
]
