"""Addresses of identity at the platform's host and at institutions' hosts."""

from django.urls import path

from . import rest
from .views import account, entrance, institution
from .views import counter as counter_views
from .views import people as people_views

app_name = "identity"

urlpatterns = [
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("account/", entrance.overview, name="overview"),
    path("account/sso-ticket/", entrance.sso_ticket, name="sso-ticket"),
    path("account/invitation/<uuid:account_id>/<str:token>/", entrance.invitation, name="invitation"),
    path("account/sign-ins/ending/", entrance.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/person/", account.person, name="person"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<uuid:token_id>/revocation/", account.revoke_token, name="token-revocation"),
    path("account/help/", counter_views.recovery, name="recovery"),
    path("account/help/number/", counter_views.recovery_requested, name="recovery-requested"),
    path("authority/recoveries/", counter_views.officer_desk, name="recovery-desk"),
    path("authority/recoveries/<uuid:request_id>/", counter_views.officer_case, name="recovery-case"),
    path("authority/persons/<uuid:person_id>/number/", counter_views.officer_number, name="number"),
    path("operator/people/", people_views.officers, name="officers"),
    path("operator/people/<uuid:grant_id>/ending/", people_views.end_officer, name="officer-ending"),
]

institution_patterns = [
    path("sign-in/", institution.sign_in, name="sign-in"),
    path("sign-in/ticket/", institution.ticket, name="ticket"),
    path("sign-out/", institution.sign_out, name="sign-out"),
    path("staff/people/", people_views.staff, name="staff"),
    path("staff/people/<uuid:grant_id>/ending/", people_views.end_staff, name="staff-ending"),
    path("staff/recoveries/", counter_views.staff_desk, name="recovery-desk"),
    path("staff/recoveries/<uuid:request_id>/", counter_views.staff_case, name="recovery-case"),
    path("staff/persons/<uuid:person_id>/number/", counter_views.staff_number, name="number"),
]

api_patterns = [path("me/", rest.MeView.as_view(), name="me")]
