"""The few pages that belong to no app: health and the error pages."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language
from drf_spectacular.types import OpenApiTypes

from kernel import access
from kernel.errors import Forbidden
from kernel.web.faults import RETRY_SECONDS, away_response, is_away
from kernel.web.http import TokenRefused, problem, refusal_response, wants_json
from kernel.web.openapi import described
from kernel.web.plain_answers import TooManyAttempts, UnreadableRequest
from kernel.web.sizes import too_large


@described("health", method="get", responses={200: OpenApiTypes.OBJECT, 503: OpenApiTypes.OBJECT})
@access.public
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return JsonResponse({"status": "database-away"}, status=503, headers=headers)
    return JsonResponse({"status": "ok"})


language = access.public(csrf_exempt(set_language))
"""Choose a language. Without a token: shared pages (kernel.shared_pages) hold none, and all that another site could
bring about by it is the other language."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say that the request could not be read, or was too large to be."""
    if isinstance(exception, RequestDataTooBig):
        return refusal_response(request, too_large(request.path))
    return refusal_response(request, UnreadableRequest())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say that this is not allowed."""
    return refusal_response(request, Forbidden(_("This is not open to you.")))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Say that there is nothing here."""
    if wants_json(request):
        return problem("not-found", status=404, title=_("Not found"), detail=_("There is nothing at this address."))
    return render(request, "404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponseBase:
    """Say that a package has counted too many attempts."""
    return refusal_response(request, TooManyAttempts())


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, with the number to quote; or that the database is away, where the fault is that. The page
    asks nothing of request, session or database, any of which may be what failed.

    Django calls this while it handles the fault: it may have come from a middleware, before or after any view.
    """
    if is_away(sys.exc_info()[1]):
        return away_response(request)
    number = getattr(request, "id", "")
    if wants_json(request):
        detail = _("The fault is ours and has been written down. Nothing was changed.")
        return problem("server-error", status=500, title="Server error", detail=detail, request=number)
    return HttpResponse(render_to_string("500.html", {"number": number}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Say that what was sent does not show that a page of ours sent it (settings.CSRF_FAILURE_VIEW).

    Who has signed in meanwhile, in another tab, is led on from a sign-in page that was open before.
    """
    if request.resolver_match is not None and request.resolver_match.url_name == "account_login":
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            return HttpResponseRedirect(request.get_full_path())
    return refusal_response(request, TokenRefused())
