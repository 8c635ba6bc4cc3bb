"""Addresses of courses at an institution's host."""

from django.urls import path

from . import rest
from .views import classes as class_views
from .views import editing as editing_views
from .views import hours as hour_views
from .views import learning as learning_views
from .views import programmes as programme_views

app_name = "courses"
urlpatterns = [
    path("staff/programmes/", programme_views.programme_list, name="programmes"),
    path("staff/programmes/new/", programme_views.new_programme, name="programme-new"),
    path("staff/programmes/<uuid:programme_id>/", programme_views.programme, name="programme"),
    path("staff/programmes/<uuid:programme_id>/editing/", editing_views.programme, name="programme-editing"),
    path("staff/lessons/<uuid:lesson_id>/editing/", editing_views.lesson, name="lesson-editing"),
    path("staff/lessons/<uuid:lesson_id>/place/", editing_views.lesson_place, name="lesson-place"),
    path("staff/programmes/<uuid:programme_id>/lessons/", programme_views.lessons, name="lessons"),
    path("staff/classes/", class_views.class_list, name="classes"),
    path("staff/classes/new/", class_views.new_class, name="class-new"),
    path("staff/classes/<uuid:class_id>/", class_views.training_class, name="class"),
    path("staff/classes/<uuid:class_id>/editing/", editing_views.training_class, name="class-editing"),
    path("staff/classes/<uuid:class_id>/start/", class_views.start, name="start"),
    path("staff/classes/<uuid:class_id>/closing/", class_views.closing, name="closing"),
    path("staff/classes/<uuid:class_id>/attendance/", class_views.attendance, name="attendance"),
    path("staff/participants/<uuid:participant_id>/hours/", hour_views.ledger, name="ledger"),
    path("staff/participants/<uuid:participant_id>/corrections/", hour_views.corrections, name="corrections"),
    path("staff/corrections/<uuid:correction_id>/", hour_views.correction, name="correction"),
    path("my/classes/<uuid:class_id>/", learning_views.my_class, name="my-class"),
    path("my/lessons/<uuid:lesson_id>/", learning_views.my_lesson, name="my-lesson"),
    path("my/lessons/<uuid:lesson_id>/sessions/", learning_views.sessions, name="sessions"),
    path("live/study/<uuid:session_id>/heartbeats/", learning_views.heartbeats, name="heartbeats"),
    path("live/study/<uuid:session_id>/ending/", learning_views.ending, name="ending"),
]
api_patterns = [
    path("lessons/<uuid:lesson_id>/place/", rest.LessonPlace.as_view(), name="lesson-place"),
]
