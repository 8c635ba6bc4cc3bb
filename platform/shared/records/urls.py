"""Addresses of files, the same at every host."""

from django.urls import path

from . import views

app_name = "records"
urlpatterns = [path("files/<str:link>/", views.file, name="file")]
institution_patterns = urlpatterns
