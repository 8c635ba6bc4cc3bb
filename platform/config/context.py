"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config import navigation
from kernel import access


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the institution whose host this is, the links, and whether this is a demonstration."""
    port = request.get_port()
    return {
        "actor": getattr(request, "actor", access.ANONYMOUS),
        "institution": getattr(request, "institution", None),
        "platform_url": f"{request.scheme}://{settings.NUOXING_HOST}:{port}",
        "demo": settings.NUOXING_DEMO,
        "now": getattr(request, "now", None),
        **navigation.links_for(request),
    }
