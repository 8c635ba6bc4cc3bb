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
    path(DESK + "messages/<uuid:message_id>/resend/", views.resend, name="resend"),
    path(DESK + "messages/<uuid:message_id>/give-up/", views.give_up, name="give-up"),
    path(DESK + "arrivals/", views.arrival_list, name="arrivals"),
    path(DESK + "arrivals/<uuid:arrival_id>/", views.arrival, name="arrival"),
    path(DESK + "discrepancies/", views.discrepancies, name="discrepancies"),
    path(DESK + "discrepancies/<uuid:discrepancy_id>/resolution/", views.resolution, name="resolution"),
    path(DESK + "comparison/", views.comparison, name="comparison"),
    path(DESK + "files/", views.file_list, name="file-list"),
    path(DESK + "files/<uuid:import_id>/", views.file, name="file"),
    path(DESK + "files/<uuid:import_id>/import/", views.import_, name="import"),
    path(DESK + "files/<uuid:import_id>/discard/", views.discard, name="discard"),
    path(DESK + "files/<uuid:import_id>/faults.xlsx", views.report, name="report"),
    path(DESK + "exports/<slug:kind>.<slug:form>", views.export, name="export"),
    path("authority/exchange/", views.authority_list, name="authority-list"),
    path("authority/exchange/<uuid:message_id>/", views.authority_detail, name="authority-detail"),
]
api_patterns = [
    path("exchange/in/<slug:system>/<slug:kind>/", webhooks.receive, name="take"),
    path("exchange/in/<slug:system>/<slug:kind>/<str:key>/", webhooks.answer, name="answer"),
    path("entry/", rest.Entry.as_view(), name="entry"),
    path("exchange/enrolments/", rest.Enrolments.as_view(), name="enrolments"),
    path("exchange/enrolments/<str:key>/", rest.Enrolment.as_view(), name="enrolment"),
]
