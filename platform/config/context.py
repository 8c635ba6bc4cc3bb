"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config import navigation
from kernel import access
from shared.institutions.queries import standings
from shared.institutions.states import Standing


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return the actor, the institution whose host this is, the links, whether this is a demonstration, and whether
    a stand-in answers for the ministry's system.

    Found once a request: a page is rendered in several contexts, one more for each table in it.
    """
    found: dict[str, Any] | None = getattr(request, "nx_everywhere", None)
    if found is None:
        found = request.nx_everywhere = _everywhere(request)  # type: ignore[attr-defined]  # kept for the next context
    return found


def _standing_notice(request: HttpRequest) -> standings.StandingValue | None:
    """Return how the institution stands, for its staff where that is not as listed; a few seconds old at most."""
    institution = getattr(request, "institution", None)
    if institution is None or not request.path.startswith("/staff/") or institution.standing == Standing.LISTED:
        return None
    return standings.in_words(institution.standing)


def _everywhere(request: HttpRequest) -> dict[str, Any]:
    port = request.get_port()
    return {
        "actor": getattr(request, "actor", access.ANONYMOUS),
        "institution": getattr(request, "institution", None),
        "standing_notice": _standing_notice(request),
        "platform_url": f"{request.scheme}://{settings.NUOXING_HOST}:{port}",
        "demo": settings.NUOXING_DEMO,
        "stand_in": settings.NUOXING_STAND_IN_MINISTRY,
        "now": getattr(request, "now", None),
        **navigation.links_for(request),
    }
