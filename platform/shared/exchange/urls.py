"""Addresses of the outside systems: the operator's desk, an authority's reading room, the entry, the API."""

from django.urls import path

from . import rest, views, webhooks

app_name = "exchange"
DESK = "operator/exchange/"
urlpatterns = [
    path("entry/", views.entry, name="entry"),
    path("exchange/formats/", views.formats, name="formats"),
    path("centre/", views.centre, name="centre"),
    path(DESK, views.systems, name="systems"),
    path(DESK + "messages/", views.message_list, name="messages"),
    path(DESK + "messages/<uuid:message_id>/", views.message, name="message"),
    path(DESK + "messages/<uuid:message_id>/sending/", views.sending, name="sending"),
    path(DESK + "messages/<uuid:message_id>/surrender/", views.surrender, name="surrender"),
    path(DESK + "arrivals/", views.arrival_list, name="arrivals"),
    path(DESK + "arrivals/<uuid:arrival_id>/", views.arrival, name="arrival"),
    path(DESK + "findings/", views.findings, name="findings"),
    path(DESK + "findings/<uuid:finding_id>/resolution/", views.resolution, name="resolution"),
    path(DESK + "comparison/", views.comparison, name="comparison"),
    path(DESK + "files/", views.file_list, name="file-list"),
    path(DESK + "files/<uuid:upload_id>/", views.file, name="file"),
    path(DESK + "files/<uuid:upload_id>/taking/", views.take, name="taking"),
    path(DESK + "files/<uuid:upload_id>/dropping/", views.drop, name="dropping"),
    path(DESK + "files/<uuid:upload_id>/faults.xlsx", views.report, name="report"),
    path(DESK + "exports/<slug:kind>.<slug:form>", views.export, name="export"),
    path("authority/exchange/", views.overseen_list, name="overseen-list"),
    path("authority/exchange/<uuid:message_id>/", views.overseen, name="overseen"),
]
api_patterns = [
    path("exchange/in/<slug:system>/<slug:kind>/", webhooks.take, name="take"),
    path("exchange/in/<slug:system>/<slug:kind>/<str:key>/", webhooks.answer, name="answer"),
    path("entry/", rest.Entry.as_view(), name="entry"),
    path("exchange/enrolments/", rest.Enrolments.as_view(), name="enrolments"),
    path("exchange/enrolments/<str:key>/", rest.Enrolment.as_view(), name="enrolment"),
]
