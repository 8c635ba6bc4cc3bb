"""Addresses of the registry at the platform's host."""

from django.urls import path

from . import views

app_name = "registry"
urlpatterns = [
    path("institutions/apply/", views.apply, name="apply"),
    path("commitment/", views.mine, name="mine"),
    path("commitment/<uuid:commitment_id>/", views.commitment, name="commitment"),
    path("commitment/<uuid:commitment_id>/lines/", views.lines, name="lines"),
    path("commitment/<uuid:commitment_id>/evidence/", views.evidence, name="evidence"),
    path("commitment/<uuid:commitment_id>/evidence/<uuid:evidence_id>/removal/", views.removal, name="removal"),
    path("commitment/<uuid:commitment_id>/submission/", views.submission, name="submission"),
    path("commitment/<uuid:commitment_id>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("organisations/<uuid:organisation_id>/commitments/", views.begin, name="begin"),
    path("notices/", views.notices, name="notices"),
    path("notices/<uuid:notice_id>/", views.notice, name="notice"),
    path("authority/commitments/", views.commitments, name="commitments"),
    path("authority/commitments/<uuid:commitment_id>/", views.verification, name="verification"),
    path("authority/commitments/<uuid:commitment_id>/checks/", views.checks, name="checks"),
    path("authority/commitments/<uuid:commitment_id>/opinion/", views.opinion, name="opinion"),
    path("authority/self-checks/<uuid:commitment_id>/", views.self_check, name="self-check"),
    path("authority/objections/<uuid:objection_id>/", views.objection, name="objection"),
]
