"""URLs of the platform's host: citizens, accounts, authorities, employers, operators."""

from django.urls import include, path

from config import pages
from config.mounting import api_patterns, page_patterns

SHARED = [
    "records",
    "policy",
    "identity",
    "notices",
    "lawbook",
    "privacy",
    "institutions",
    "hosting",
    "filings",
    "employers",
    "exchange",
    "registry",
    "oversight",
    "bank",
    "certificates",
    "rankings",
    "portal",
]

urlpatterns = [
    path("healthz", pages.health, name="health"),
    path("i18n/setlang/", pages.language, name="set_language"),
    path("account/", include("allauth.urls")),
    path("api/v1/", include(api_patterns("public", SHARED))),
    *page_patterns("shared", SHARED),
    *page_patterns("tenants", ["billing"], attribute="platform_patterns"),
]
handler400 = "config.pages.bad_request"
handler403 = "config.pages.permission_denied"
handler404 = "config.pages.page_not_found"
handler429 = "config.pages.too_many_requests"
handler500 = "config.pages.server_error"
