"""Addresses of certificates: to verify, one's own, the authority's; the institution's list at its own host."""

from django.urls import path

from . import rest, views

app_name = "certificates"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:token>/", views.certificate_by_token, name="verified"),
    path("account/certificates/", views.mine, name="mine"),
    path("account/certificates/<uuid:certificate_id>/copies/", views.copies, name="copies"),
    path("certificates/<uuid:certificate_id>/pdf", views.document, name="document"),
    path("authority/certificates/", views.authority_list, name="authority-list"),
    path("authority/certificates/<uuid:certificate_id>/", views.authority_detail, name="authority-detail"),
    path("authority/certificates/<uuid:certificate_id>/correction/", views.correction, name="correction"),
    path("authority/certificates/<uuid:certificate_id>/revocation/", views.revocation, name="revocation"),
    path("authority/certificates/<uuid:certificate_id>/report/", views.report, name="report"),
]
institution_patterns = [
    path("staff/certificates/", views.staff_list, name="staff-list"),
    path("certificates/<uuid:certificate_id>/pdf", views.document, name="document"),
]
api_patterns = [path("certificates/<str:token>/", rest.VerifiedCertificate.as_view(), name="verified")]
