"""The privacy notice, its versions, and the asking after it changed."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access
from kernel.web.http import Request, address, page
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.states import ConsentKind

from ..queries import register as privacy_register

NOTICE = ConsentKind.PRIVACY_NOTICE


@access.public
@require_safe
def notice(request: Request, version: str = "") -> HttpResponse:
    """Show the privacy notice in force, or one of its versions, with what is held, why and how long."""
    text = (
        identity_consent_queries.text(NOTICE, version)
        if version
        else identity_consent_queries.text_in_force(NOTICE, request.now)
    )
    context = {
        "text": text,
        "versions": identity_consent_queries.texts(NOTICE),
        "coming": None if version else identity_consent_queries.coming_text(NOTICE, request.now),
        "holdings": privacy_register.holdings(request.now),
        "handlers": privacy_register.parties("handlers"),
        "recipients": privacy_register.parties("recipients"),
    }
    return page(request, "privacy/notice.html", context)


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledgement(request: Request) -> HttpResponseBase:
    """Show once that the notice has changed, and what; POST notes that it was read."""
    text = identity_consent_queries.text_in_force(NOTICE, request.now)
    if request.method == "POST":
        identity_consents.acknowledge_notice(version=text.version, by=request.actor, at=request.now)
        return redirect(address("home"))
    before = identity_consent_queries.accepted_notice(account_queries.own_id(request.actor))
    request.session["notice_shown"] = text.version
    return page(request, "privacy/changed.html", {"text": text, "before": before})
