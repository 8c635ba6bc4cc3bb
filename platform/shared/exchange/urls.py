"""Addresses of the outside systems: the operator's desk, an authority's reading room, the entry, the API."""

from django.urls import path

from . import rest, webhooks
from .views import files as file_views
from .views import operator as operator_views
from .views import public

app_name = "exchange"
DESK = "operator/exchange/"
urlpatterns = [
    path("entry/", public.entry, name="entry"),
    path("exchange/formats/", public.formats, name="formats"),
    path("centre/", public.centre, name="centre"),
    path(DESK, operator_views.systems, name="systems"),
    path(DESK + "messages/", operator_views.message_list, name="messages"),
    path(DESK + "messages/<uuid:message_id>/", operator_views.message, name="message"),
    path(DESK + "messages/<uuid:message_id>/resend/", operator_views.resend, name="resend"),
    path(DESK + "messages/<uuid:message_id>/give-up/", operator_views.give_up, name="give-up"),
    path(DESK + "arrivals/", operator_views.arrival_list, name="arrivals"),
    path(DESK + "arrivals/<uuid:arrival_id>/", operator_views.arrival, name="arrival"),
    path(DESK + "discrepancies/", operator_views.discrepancies, name="discrepancies"),
    path(DESK + "discrepancies/<uuid:discrepancy_id>/resolution/", operator_views.resolution, name="resolution"),
    path(DESK + "comparison/", operator_views.comparison, name="comparison"),
    path(DESK + "files/", file_views.file_list, name="file-list"),
    path(DESK + "files/<uuid:import_id>/", file_views.file, name="file"),
    path(DESK + "files/<uuid:import_id>/import/", file_views.import_, name="import"),
    path(DESK + "files/<uuid:import_id>/discard/", file_views.discard, name="discard"),
    path(DESK + "files/<uuid:import_id>/faults.xlsx", file_views.report, name="report"),
    path(DESK + "exports/<slug:kind>.<slug:form>", file_views.export, name="export"),
    path("authority/exchange/", operator_views.authority_list, name="authority-list"),
    path("authority/exchange/<uuid:message_id>/", operator_views.authority_detail, name="authority-detail"),
]
api_patterns = [
    path("exchange/in/<slug:system>/<slug:kind>/", webhooks.receive, name="take"),
    path("exchange/in/<slug:system>/<slug:kind>/<str:key>/", webhooks.answer, name="answer"),
    path("entry/", rest.Entry.as_view(), name="entry"),
    path("exchange/enrolments/", rest.Enrolments.as_view(), name="enrolments"),
    path("exchange/enrolments/<str:key>/", rest.Enrolment.as_view(), name="enrolment"),
]
