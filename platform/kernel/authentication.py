"""Who calls /api/v1/: the actor whom the middleware found, with the CSRF token where a cookie says so.

A module of its own: Django REST framework imports it while its own views are being made.
"""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from kernel import access


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


class ActorAuthentication(BaseAuthentication):
    """The caller as the middleware found them; a caller by session cookie must also bring the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the account and the actor."""
        django_request = request._request
        actor: access.Actor = django_request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if not actor.known:
            return None
        if not getattr(django_request, "by_token", False):
            check = _Csrf(lambda r: Response())  # type: ignore[arg-type,return-value]  # never called
            check.process_request(django_request)
            if reason := check.process_view(django_request, lambda: None, (), {}):  # type: ignore[arg-type]  # DRF's way
                raise exceptions.PermissionDenied(f"CSRF: {reason}")
        return django_request.user, actor

    def authenticate_header(self, request: Request) -> str:
        """Tell how to sign in."""
        return "Bearer"
