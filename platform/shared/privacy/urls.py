"""Addresses of privacy at the platform's host and at institutions' hosts."""

from django.urls import path

from .views import desks, mine, notice, operator

app_name = "privacy"

urlpatterns = [
    path("account/privacy/", mine.home, name="mine"),
    path("account/privacy/notice/", notice.notice, name="notice"),
    path("account/privacy/notice/<str:version>/", notice.notice, name="notice-version"),
    path("account/privacy/changes/", notice.acknowledgement, name="acknowledgement"),
    path("account/privacy/consents/", mine.consents, name="consents"),
    path("account/privacy/consents/<uuid:consent_id>/withdrawal/", mine.withdrawal, name="withdrawal"),
    path("account/privacy/copies/", mine.copies, name="copies"),
    path("account/privacy/copies/<uuid:copy_id>/link/", mine.link, name="copy-link"),
    path("account/privacy/copies/file/<str:token>/", mine.copy_file, name="copy-file"),
    path("account/privacy/corrections/", mine.corrections, name="corrections"),
    path("account/privacy/corrections/<uuid:correction_id>/ending/", mine.take_back, name="correction-ending"),
    path("account/privacy/closing/", mine.closing, name="closing"),
    path("account/privacy/closed/", mine.closed, name="closed"),
    path("account/privacy/reveals/", mine.reveals, name="reveals"),
    path("authority/data-corrections/", desks.officer_list, name="corrections-desk"),
    path("authority/data-corrections/<uuid:correction_id>/", desks.officer_case, name="correction"),
    path("authority/data-incidents/new/", desks.officer_report, name="report"),
    path("operator/personal-data/", operator.register, name="register"),
    path("operator/personal-data/export.xlsx", operator.export, name="register-export"),
    path("operator/personal-data/assessments/", operator.assessments, name="assessments"),
    path("operator/personal-data/entrusted/", operator.entrustings, name="entrustings"),
    path("operator/personal-data/texts/", operator.texts, name="texts"),
    path("operator/personal-data/reveals/", operator.reveals, name="reveals-desk"),
    path("operator/personal-data/deletions/", operator.deletions, name="deletions"),
    path("operator/personal-data/deletions/run/", operator.begin, name="deletions-run"),
    path("operator/personal-data/holds/", operator.holds, name="holds"),
    path("operator/personal-data/holds/<uuid:hold_id>/lifting/", operator.lifting, name="hold-lifting"),
    path("operator/incidents/", operator.breaches, name="breaches"),
    path("operator/incidents/<uuid:breach_id>/", operator.breach, name="breach"),
]

institution_patterns = [
    path("staff/data-corrections/", desks.staff_list, name="corrections-desk"),
    path("staff/data-corrections/<uuid:correction_id>/", desks.staff_case, name="correction"),
    path("staff/persons/<uuid:person_id>/consents/", desks.staff_consents, name="consents-desk"),
    path("staff/data-incidents/", desks.staff_report, name="report"),
]
