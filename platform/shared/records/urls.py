"""Addresses of files, the same at every host; the operator's first page."""

from django.urls import path

from . import views

app_name = "records"
institution_patterns = [path("files/<str:link>/", views.file, name="file")]
urlpatterns = [
    *institution_patterns,
    path("operator/", views.operator, name="operator"),
    path("operator/keys/", views.keys, name="keys"),
    path("operator/tasks/<int:number>/again/", views.retry, name="again"),
]
