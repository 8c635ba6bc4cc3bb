"""The privacy notice, its versions, and the asking after it changed."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kernel import access
from kernel.http import Request, page
from shared.identity import operations as identity_operations
from shared.identity import queries as identity
from shared.identity.states import ConsentKind

from .. import queries

NOTICE = ConsentKind.PRIVACY_NOTICE


@access.public
@require_GET
def notice(request: Request, version: str = "") -> HttpResponse:
    """Show the privacy notice in force, or one of its versions, with what is held, why and how long."""
    text = identity.text(NOTICE, version) if version else identity.text_in_force(NOTICE, request.now)
    context = {
        "text": text,
        "versions": identity.texts(NOTICE),
        "coming": None if version else identity.coming_text(NOTICE, request.now),
        "holdings": queries.holdings(request.now),
        "handlers": queries.parties("handlers"),
        "recipients": queries.parties("recipients"),
    }
    return page(request, "privacy/notice.html", context)


@access.signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def acknowledgement(request: Request) -> HttpResponseBase:
    """Show once that the notice has changed, and what; POST notes that it was read."""
    text = identity.text_in_force(NOTICE, request.now)
    if request.method == "POST":
        identity_operations.acknowledge_notice(version=text.version, by=request.actor, at=request.now)
        return redirect("identity:home")
    before = identity.accepted_notice(identity.own_id(request.actor))
    request.session["notice_shown"] = text.version
    return page(request, "privacy/changed.html", {"text": text, "before": before})
