"""Addresses of employers at the platform's host, and of vouching at an institution's."""

from django.urls import path

from .rest import desk, registrations
from .views import applicants, clerks, officers

app_name = "employers"
EMPLOYER = "employer/<uuid:employer_id>"
API = "employers/<uuid:employer_id>"
urlpatterns = [
    path("account/employers/", applicants.mine, name="mine"),
    path("account/employers/new/", applicants.apply, name="apply"),
    path("account/employers/registrations/<uuid:registration_id>/", applicants.own, name="own"),
    path("account/employers/registrations/<uuid:registration_id>/code/", applicants.new_code, name="new-code"),
    path(
        "account/employers/registrations/<uuid:registration_id>/withdrawal/", applicants.withdrawal, name="withdrawal"
    ),
    path("account/employers/<uuid:employee_id>/answer/", applicants.answer, name="answer"),
    path("account/employers/<uuid:employee_id>/ending/", applicants.leaving, name="leaving"),
    path(f"{EMPLOYER}/clerks/", clerks.clerks, name="clerks"),
    path(f"{EMPLOYER}/clerks/<uuid:grant_id>/ending/", clerks.clerk_ending, name="clerk-ending"),
    path(f"{EMPLOYER}/people/", clerks.people, name="people"),
    path(f"{EMPLOYER}/people/file/", clerks.people_file, name="people-file"),
    path(f"{EMPLOYER}/people/<uuid:employee_id>/ending/", clerks.employee_ending, name="employee-ending"),
    path("authority/employers/", officers.registration_list, name="registrations"),
    path("authority/employers/<uuid:registration_id>/", officers.registration, name="registration"),
    path("authority/employers/<uuid:registration_id>/ending/", officers.ending, name="ending"),
]
institution_patterns = [path("staff/employers/", officers.vouching, name="vouching")]
api_patterns = [
    path("employers/registrations/", registrations.OwnRegistrations.as_view(), name="registrations"),
    path("employers/registrations/<uuid:registration_id>/code/", registrations.TelephoneCode.as_view(), name="code"),
    path(
        "employers/registrations/<uuid:registration_id>/withdrawal/",
        registrations.Withdrawal.as_view(),
        name="withdrawal",
    ),
    path("employers/registrations/<uuid:registration_id>/decision/", registrations.Decision.as_view(), name="decision"),
    path(f"{API}/clerks/", desk.Clerks.as_view(), name="clerks"),
    path(f"{API}/clerks/<uuid:grant_id>/ending/", desk.ClerkEnding.as_view(), name="clerk-ending"),
    path(f"{API}/people/", desk.People.as_view(), name="people"),
    path(f"{API}/people/<uuid:employee_id>/ending/", desk.EmployeeEnding.as_view(), name="employee-ending"),
    path("employments/", desk.OwnEmployments.as_view(), name="employments"),
    path("employments/<uuid:employee_id>/answer/", desk.Answer.as_view(), name="answer"),
    path("employments/<uuid:employee_id>/ending/", desk.Leaving.as_view(), name="leaving"),
]
