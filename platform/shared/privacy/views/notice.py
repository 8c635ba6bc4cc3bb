"""The privacy notice, its versions, and the asking after it changed."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kernel import access
from kernel.http import Request, page
from shared.identity import queries as identity
from shared.identity.states import ConsentKind


@access.public
@require_GET
def notice(request: Request, version: str = "") -> HttpResponse:
    """Show the privacy notice in force, or one of its versions."""
    kind = ConsentKind.PRIVACY_NOTICE
    text = identity.text(kind, version) if version else identity.text_in_force(kind, request.now)
    return page(request, "privacy/notice.html", {"text": text})
