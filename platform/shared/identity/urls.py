"""Addresses of identity at the platform's host and at institutions' hosts."""

from django.urls import path

from . import rest
from .views import account, counter, desks, entrance, institution, people

app_name = "identity"

urlpatterns = [
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("account/", entrance.overview, name="overview"),
    path("account/home/", entrance.home, name="home"),
    path("account/sso-ticket/", entrance.sso_ticket, name="sso-ticket"),
    path("account/invitation/<uuid:account_id>/<str:token>/", entrance.invitation, name="invitation"),
    path("account/sign-ins/ending/", entrance.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/person/", account.person, name="person"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revocation/", account.revoke_token, name="token-revocation"),
    path("account/help/", counter.recovery, name="recovery"),
    path("account/help/number/", counter.recovery_requested, name="recovery-requested"),
    path("authority/recoveries/", counter.officer_desk, name="recovery-desk"),
    path("authority/recoveries/<uuid:request_id>/", counter.officer_case, name="recovery-case"),
    path("authority/persons/<uuid:person_id>/number/", counter.officer_number, name="number"),
    path("employer/", desks.employer, name="employer"),
    path("operator/people/", people.officers, name="officers"),
    path("operator/people/<uuid:grant_id>/ending/", people.end_officer, name="officer-ending"),
]

institution_patterns = [
    path("sign-in/", institution.sign_in, name="sign-in"),
    path("sign-in/ticket/", institution.ticket, name="ticket"),
    path("sign-out/", institution.sign_out, name="sign-out"),
    path("staff/people/", people.staff, name="staff"),
    path("staff/people/<uuid:grant_id>/ending/", people.end_staff, name="staff-ending"),
    path("staff/recoveries/", counter.staff_desk, name="recovery-desk"),
    path("staff/recoveries/<uuid:request_id>/", counter.staff_case, name="recovery-case"),
    path("staff/persons/<uuid:person_id>/number/", counter.staff_number, name="number"),
]

api_patterns = [path("me/", rest.MeView.as_view(), name="me")]
