"""URLs of an institution's host: its public page, its trainees, its staff, its live rooms."""

from django.urls import include, path

from config import pages
from config.mounting import api_patterns, page_patterns

TENANT = ["records", "courses", "rosters", "billing", "sittings", "attempts", "proctoring", "portal"]
SHARED = [
    "records",
    "identity",
    "notices",
    "privacy",
    "lawbook",
    "policy",
    "institutions",
    "employers",
    "certificates",
    "rankings",
]

urlpatterns = [
    path("healthz", pages.health, name="health"),
    path("i18n/setlang/", pages.language, name="set_language"),
    path("api/v1/", include(api_patterns("institution", TENANT))),
    *page_patterns("shared", SHARED, attribute="institution_patterns"),
    *page_patterns("tenants", TENANT),
]
handler400 = "config.pages.bad_request"
handler403 = "config.pages.permission_denied"
handler404 = "config.pages.page_not_found"
handler429 = "config.pages.too_many_requests"
handler500 = "config.pages.server_error"
