"""Addresses of privacy at the platform's host and at institutions' hosts."""

from django.urls import path

from .views import desks as desk_views
from .views import mine, notice
from .views import operator as operator_views

app_name = "privacy"

urlpatterns = [
    path("account/privacy/", mine.home, name="mine"),
    path("account/privacy/notice/", notice.notice, name="notice"),
    path("account/privacy/notice/<str:version>/", notice.notice, name="notice-version"),
    path("account/privacy/changes/", notice.acknowledgement, name="acknowledgement"),
    path("account/privacy/consents/", mine.consents, name="consents"),
    path("account/privacy/consents/<uuid:consent_id>/withdrawal/", mine.withdrawal, name="withdrawal"),
    path("account/privacy/copies/", mine.copy_list, name="copies"),
    path("account/privacy/copies/<uuid:copy_id>/link/", mine.link, name="copy-link"),
    path("account/privacy/copies/file/<str:token>/", mine.copy_file, name="copy-file"),
    path("account/privacy/corrections/", mine.correction_list, name="corrections"),
    path("account/privacy/corrections/<uuid:correction_id>/ending/", mine.take_back, name="correction-ending"),
    path("account/privacy/closing/", mine.closing, name="closing"),
    path("account/privacy/closed/", mine.closed, name="closed"),
    path("account/privacy/reveals/", mine.reveals, name="reveals"),
    path("authority/data-corrections/", desk_views.officer_list, name="corrections-desk"),
    path("authority/data-corrections/<uuid:correction_id>/", desk_views.officer_case, name="correction"),
    path("authority/data-incidents/new/", desk_views.officer_report, name="report"),
    path("operator/personal-data/", operator_views.processing_register, name="register"),
    path("operator/personal-data/export.xlsx", operator_views.export, name="register-export"),
    path("operator/personal-data/assessments/", operator_views.assessments, name="assessments"),
    path("operator/personal-data/entrusted/", operator_views.entrustings, name="entrustings"),
    path("operator/personal-data/texts/", operator_views.texts, name="texts"),
    path("operator/personal-data/reveals/", operator_views.reveals, name="reveals-desk"),
    path("operator/personal-data/deletions/", operator_views.deletions, name="deletions"),
    path("operator/personal-data/deletions/run/", operator_views.begin, name="deletions-run"),
    path("operator/personal-data/holds/", operator_views.holds, name="holds"),
    path("operator/personal-data/holds/<uuid:hold_id>/lifting/", operator_views.lifting, name="hold-lifting"),
    path("operator/incidents/", operator_views.breach_list, name="breaches"),
    path("operator/incidents/<uuid:breach_id>/", operator_views.breach, name="breach"),
]

institution_patterns = [
    path("staff/data-corrections/", desk_views.staff_list, name="corrections-desk"),
    path("staff/data-corrections/<uuid:correction_id>/", desk_views.staff_case, name="correction"),
    path("staff/persons/<uuid:person_id>/consents/", desk_views.staff_consents, name="consents-desk"),
    path("staff/data-incidents/", desk_views.staff_report, name="report"),
]
