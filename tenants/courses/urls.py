"""Addresses of courses at an institution's host."""

from django.urls import path

from .views import classes, hours, learning, programmes

app_name = "courses"
urlpatterns = [
    path("staff/programmes/", programmes.programmes, name="programmes"),
    path("staff/programmes/new/", programmes.new_programme, name="programme-new"),
    path("staff/programmes/<uuid:programme_id>/", programmes.programme, name="programme"),
    path("staff/programmes/<uuid:programme_id>/lessons/", programmes.lessons, name="lessons"),
    path("staff/classes/", classes.classes, name="classes"),
    path("staff/classes/new/", classes.new_class, name="class-new"),
    path("staff/classes/<uuid:class_id>/", classes.training_class, name="class"),
    path("staff/classes/<uuid:class_id>/start/", classes.start, name="start"),
    path("staff/classes/<uuid:class_id>/closing/", classes.closing, name="closing"),
    path("staff/classes/<uuid:class_id>/attendance/", classes.attendance, name="attendance"),
    path("staff/participants/<uuid:participant_id>/hours/", hours.ledger, name="ledger"),
    path("staff/participants/<uuid:participant_id>/corrections/", hours.corrections, name="corrections"),
    path("staff/corrections/<uuid:correction_id>/", hours.correction, name="correction"),
    path("my/classes/<uuid:class_id>/", learning.my_class, name="my-class"),
    path("my/lessons/<uuid:lesson_id>/", learning.my_lesson, name="my-lesson"),
    path("my/lessons/<uuid:lesson_id>/sessions/", learning.sessions, name="sessions"),
    path("live/study/<uuid:session_id>/heartbeats/", learning.heartbeats, name="heartbeats"),
    path("live/study/<uuid:session_id>/ending/", learning.ending, name="ending"),
]
