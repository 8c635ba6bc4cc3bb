"""Addresses of the registry at the platform's host."""

from django.urls import path

from . import rest
from .views import applicants, officers, public

app_name = "registry"
urlpatterns = [
    path("institutions/apply/", applicants.apply, name="apply"),
    path("commitment/", applicants.mine, name="mine"),
    path("commitment/<uuid:commitment_id>/", applicants.commitment, name="commitment"),
    path("commitment/<uuid:commitment_id>/lines/", applicants.lines, name="lines"),
    path("commitment/<uuid:commitment_id>/evidence/", applicants.evidence, name="evidence"),
    path("commitment/<uuid:commitment_id>/evidence/<uuid:evidence_id>/removal/", applicants.removal, name="removal"),
    path("commitment/<uuid:commitment_id>/submission/", applicants.submission, name="submission"),
    path("commitment/<uuid:commitment_id>/withdrawal/", applicants.withdrawal, name="withdrawal"),
    path("organisations/<uuid:organisation_id>/commitments/", applicants.begin, name="begin"),
    path("notices/", public.notice_list, name="notices"),
    path("notices/<uuid:notice_id>/", public.notice, name="notice"),
    path("authority/commitments/", officers.commitment_list, name="commitments"),
    path("authority/commitments/<uuid:commitment_id>/", officers.verification, name="verification"),
    path("authority/commitments/<uuid:commitment_id>/checks/", officers.checks, name="checks"),
    path("authority/commitments/<uuid:commitment_id>/opinion/", officers.opinion, name="opinion"),
    path("authority/commitments/<uuid:commitment_id>/upload/", officers.upload, name="upload"),
    path("authority/self-checks/<uuid:commitment_id>/", officers.self_check, name="self-check"),
    path("authority/objections/<uuid:objection_id>/", officers.objection, name="objection"),
]
api_patterns = [
    path("commitments/<uuid:commitment_id>/upload/", rest.CommitmentUpload.as_view(), name="upload"),
]
