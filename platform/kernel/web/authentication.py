"""Authentication of /api/v1/: the actor that the middleware loaded, with the CSRF token for a session cookie.

A module of its own: Django REST framework imports it while its own views are being made.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from kernel import access
from kernel.web.http import TokenRefused


def _nothing(request: HttpRequest) -> HttpResponse:
    """Stand for the view, which Django's check only looks at."""
    return HttpResponse()


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class ActorAuthentication(BaseAuthentication):
    """The caller as the middleware found them; a caller by session cookie must also bring the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the account and the actor."""
        django_request = request._request
        actor: access.Actor = django_request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if not actor.is_authenticated:
            return None
        if not getattr(django_request, "by_token", False):
            check = _Csrf(_nothing)
            check.process_request(django_request)
            if check.process_view(django_request, _nothing, (), {}):
                raise TokenRefused
        return django_request.user, actor

    def authenticate_header(self, request: Request) -> str:
        """Tell how to sign in."""
        return "Bearer"
