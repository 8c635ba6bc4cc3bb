"""Addresses of files, the same at every host; the operator's keys, tasks and periodic tasks."""

from django.urls import path

from . import rest, views

app_name = "records"
institution_patterns = [path("files/<str:link>/", views.file, name="file")]
urlpatterns = [
    *institution_patterns,
    path("operator/keys/", views.keys, name="keys"),
    path("operator/tasks/<int:number>/again/", views.retry, name="again"),
]
api_patterns = [
    path("operator/periodic-tasks/", rest.PeriodicTask.as_view(), name="periodic-tasks"),
    path("operator/tasks/", rest.StuckTasks.as_view(), name="stuck-tasks"),
    path("operator/tasks/<int:number>/again/", rest.FreshStart.as_view(), name="fresh-start"),
]
