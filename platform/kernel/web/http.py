"""HTTP responses: problem+json for machines, a page for people, from the same refusal."""

import ssl
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor, SecondFactorNeeded, SignInNeeded
from kernel.errors import Forbidden, Invalid, Refusal

PROBLEM = "application/problem+json"


class TokenRefused(Forbidden):
    """What was sent brings no CSRF token of ours, or an old one, or comes from a page of another site."""

    code = "csrf-token-refused"
    title = _("This page was open for too long")
    message = _(
        "What you sent does not show that it comes from this page: the page was open for too long, somebody signed in "
        "or out since, or the browser keeps no cookies."
    )


class UnknownAct(Invalid):
    """A page of several forms was sent something that is none of them."""

    code = "unknown-act"
    message = _("This page has no such act. Please open it again and use one of its buttons.")


class Request(HttpRequest):
    """A request as our middleware hands it to a view; views annotate their parameter with it."""

    id: str
    host: str
    institution: Any
    now: datetime
    actor: Actor
    by_token: bool


@cache
def trust() -> ssl.SSLContext:
    """Return whom our own calls trust: httpx's roots, read once in a process (50 ms, longer than most calls)."""
    import httpx  # most processes call nobody

    return httpx.create_ssl_context(trust_env=False)


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a machine: an API or live path, or one that prefers JSON."""
    if request.path.startswith(("/api/", "/live/")):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def problem(code: str, *, status: int, title: str, detail: str, **extra: Any) -> JsonResponse:
    """Return an RFC 9457 answer; `code` is the stable word for machines."""
    body = {"type": f"urn:nuoxing:problem:{code}", "code": code, "title": title, "status": status, "detail": detail}
    response = JsonResponse(body | extra, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = PROBLEM
    return response


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponseBase:
    """Return the answer for a refusal: problem+json, a way to sign in, or the page that says what happened and why."""
    response = _refusal_response(request, refusal)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponseBase:
    if wants_json(request):
        extra = {"field": refusal.field} if refusal.field else {}
        return problem(refusal.code, status=refusal.status, title=str(refusal.title), detail=str(refusal), **extra)
    if isinstance(refusal, SignInNeeded | SecondFactorNeeded) and request.method in ("GET", "HEAD"):
        second = {"second": "1"} if isinstance(refusal, SecondFactorNeeded) else {}
        return redirect(f"{address('sign-in')}?" + urlencode({"next": request.get_full_path()} | second))
    return render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page."""
    return render(request, template, context, status=status)


def known_act(request: HttpRequest, *acts: str) -> None:
    """Refuse (UnknownAct) a page of several forms to which something else is sent than one of its `acts`."""
    if request.method == "POST" and request.POST.get("act") not in acts:
        raise UnknownAct


def address(name: str, *args: Any) -> str:
    """Return the path of a page that may belong to an app above the caller's, by its name in `settings.ADDRESSES`.

    A lower app knows no URL of an upper one: which page stands behind a name is one line of the settings. Refuses
    (KeyError) an unknown name.
    """
    side, url_name = settings.ADDRESSES[name]
    return reverse(url_name, urls_of(side), args=args)


def urls_of(side: str) -> str:
    """Return the URLs of a kind of host: "platform" or "institution"."""
    return {"platform": settings.PUBLIC_SCHEMA_URLCONF, "institution": settings.ROOT_URLCONF}[side]
