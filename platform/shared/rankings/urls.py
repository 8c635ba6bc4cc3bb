"""Addresses of the stars: public tables, the authorities' scores, the province's runs."""

from django.urls import path

from . import rest, views

app_name = "rankings"
urlpatterns = [
    path("rankings/", views.index, name="index"),
    path("rankings/<year:year>/", views.year, name="year"),
    path("rankings/<year:year>/check/", views.check, name="check"),
    path("rankings/<year:year>/stars.csv", views.csv_file, name="csv"),
    path("rankings/<year:year>/stars.xlsx", views.xlsx_file, name="xlsx"),
    path("rankings/institutions/<slug:slug>/", views.institution, name="institution"),
    path("authority/scores/", views.score_year, name="scores"),
    path("authority/scores/<year:year>/", views.scores_of_year, name="scores-year"),
    path("authority/scores/<year:year>/<uuid:institution_id>/", views.score, name="score"),
    path("authority/stars/", views.run_list, name="stars"),
    path("authority/stars/runs/", views.preparation, name="preparation"),
    path("authority/stars/<uuid:run_id>/", views.run, name="run"),
    path("authority/stars/<uuid:run_id>/publication/", views.publication, name="publication"),
    path("authority/stars/<uuid:run_id>/discarding/", views.discarding, name="discarding"),
]
api_patterns = [path("rankings/<year:year>/", rest.YearRanking.as_view(), name="year")]
