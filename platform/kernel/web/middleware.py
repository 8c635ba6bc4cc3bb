"""Middleware for every request: host, time, actor, access rule, and the response to a refusal."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import access, clock, tenancy
from kernel.db.violations import is_taken
from kernel.errors import Invalid, Refusal
from kernel.web.bodies import require_text
from kernel.web.faults import BeyondBounds, TakenMeanwhile, away_response, is_away, is_beyond
from kernel.web.http import problem, refusal_response, wants_json
from kernel.web.plain_answers import BadHost, worded
from kernel.web.sizes import require_size, too_large

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class HostMiddleware:
    """Decide by the Domain table alone whose host this is, open that schema and choose the URLs. Stands first."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Open the institution's schema (or the shared one) and serve; an unknown host is a 404 page."""
        try:
            host = tenancy.host_of(request)
        except DisallowedHost:
            return self._in_words(request, self._bad)
        request.host = host  # type: ignore[attr-defined]  # read by sessions and tickets
        request.institution = None  # type: ignore[attr-defined]  # the institution whose host this is
        request.now = clock.real_now()  # type: ignore[attr-defined]  # replaced by ClockMiddleware
        tenancy.enter(None)
        if host in settings.NUOXING_PLATFORM_HOSTS:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]  # Django reads it
        elif (institution := tenancy.institution_at(host)) is not None and institution.is_deleted:
            return self._in_words(request, self._gone, institution)
        elif institution is not None and not institution.ready:
            return self._in_words(request, self._not_ready, institution)
        elif institution is not None:
            request.institution = institution  # type: ignore[attr-defined]  # as above
            request.urlconf = settings.ROOT_URLCONF  # type: ignore[attr-defined]  # as above
            tenancy.enter(institution)
        else:
            return self._in_words(request, self._unknown)
        set_urlconf(request.urlconf)  # type: ignore[attr-defined]  # as above
        try:
            return self.get_response(request)
        finally:
            tenancy.enter(None)

    @staticmethod
    def _in_words(request: HttpRequest, say: Callable[..., HttpResponseBase], *about: Any) -> HttpResponseBase:
        """Return an answer in the reader's language, which nobody has chosen yet."""
        with translation.override(translation.get_language_from_request(request)):
            return say(request, *about)

    @staticmethod
    def _bad(request: HttpRequest) -> HttpResponseBase:
        """Say that the host cannot be one; nothing may ask the request for it again."""
        refusal = BadHost()
        if wants_json(request):
            return problem(refusal.code, status=refusal.status, title=str(refusal.title), detail=str(refusal))
        platform = f"{settings.NUOXING_SCHEME}://{settings.NUOXING_HOST}/"
        page = render_to_string("unknown_host.html", {"message": refusal, "platform": platform})
        return HttpResponse(page, status=refusal.status)

    @staticmethod
    def _not_ready(request: HttpRequest, institution: Any) -> HttpResponseBase:
        """Say that the institution is listed and its schema is being built; machines are told when to come back."""
        template = _("%(name)s is on the list; its place here is being set up. Please come back in a minute.")
        message = template % {"name": institution.name}
        if wants_json(request):
            response: HttpResponseBase = problem("being-set-up", status=503, title=_("Being set up"), detail=message)
        else:
            platform = f"{request.scheme}://{settings.NUOXING_HOST}:{request.get_port()}/"
            response = render(request, "being_set_up.html", {"message": message, "platform": platform}, status=503)
        response["Retry-After"] = "20"
        return response

    @staticmethod
    def _gone(request: HttpRequest, institution: Any) -> HttpResponseBase:
        """Say that the institution's records were deleted when their time was over."""
        template = _("%(name)s has retired; its records here were deleted when their time was over.")
        message = template % {"name": institution.name}
        if wants_json(request):
            return problem("gone", status=410, title=_("No longer here"), detail=message)
        platform = f"{request.scheme}://{settings.NUOXING_HOST}:{request.get_port()}/"
        return render(request, "unknown_host.html", {"message": message, "platform": platform}, status=410)

    @staticmethod
    def _unknown(request: HttpRequest) -> HttpResponseBase:
        message = _("No institution is known at this address.")
        if wants_json(request):
            return problem("unknown-host", status=404, title=_("Not found"), detail=message)
        platform = f"{request.scheme}://{settings.NUOXING_HOST}:{request.get_port()}/"
        return render(request, "unknown_host.html", {"message": message, "platform": platform}, status=404)


class ClockMiddleware:
    """Give the request its time: real time, or in a demonstration the time that its Nuoxing-Now header names."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve at the request's time; a header that is no time is refused, and so is any outside a demonstration."""
        moment: datetime | None = None
        text = request.headers.get("Nuoxing-Now")
        if text is not None:
            try:
                moment = self._read(text)
            except Refusal as refusal:
                return refusal_response(request, refusal)
        with clock.at(moment):
            request.now = clock.now()  # type: ignore[attr-defined]  # declared by HostMiddleware
            return self.get_response(request)

    @staticmethod
    def _read(text: str) -> datetime:
        if not settings.NUOXING_DEMO_CLOCK:
            raise Invalid(_("The Nuoxing-Now header is read in demonstrations only."))
        moment = clock.parse(text)
        if moment is None:
            raise Invalid(_("Nuoxing-Now must be an ISO 8601 time with an offset."))
        return moment


class ActorMiddleware:
    """Load who is acting, and refuse a session that was made for another host.

    What somebody is shown who is signed in, or has a session, no cache may keep, unless the view says otherwise.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain and find the loader."""
        self.get_response = get_response
        self.load: Callable[[HttpRequest], access.Actor] = import_string(settings.NUOXING_ACTOR_LOADER)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set `request.actor`."""
        if request.user.is_authenticated and request.session.get("host") not in (None, request.host):  # type: ignore[attr-defined]  # set by HostMiddleware
            logout(request)
        try:
            request.actor = actor = self.load(request)  # type: ignore[attr-defined]  # read by every view
        except Refusal as refusal:
            request.actor = actor = access.ANONYMOUS  # type: ignore[attr-defined]  # as above
            response = refusal_response(request, refusal)
        else:
            response = self.get_response(request)
        if "Cache-Control" not in response.headers and (actor.is_authenticated or _has_session(request)):
            response.headers["Cache-Control"] = "no-store"
        return response


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified


class BodyMiddleware:
    """Refuse what is too large before it is read, and what no row can hold before any view reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve, unless the request brings more than its address takes, or holds a control character."""
        try:
            require_size(request)
            require_text(request)
        except RequestDataTooBig:
            return refusal_response(request, too_large(request.path))
        except Refusal as refusal:
            return refusal_response(request, refusal)
        return self.get_response(request)


class AccessMiddleware:
    """Default deny: a view without a declared rule is refused; a Refusal becomes a page or problem+json."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain, and find by what refusal each foreseen fault of a package is said."""
        self.get_response = get_response
        refusals = settings.NUOXING_REFUSALS.items()
        self.refusals: dict[type[Exception], type[Refusal]] = {import_string(a): import_string(b) for a, b in refusals}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve; a bare answer gets its words."""
        return worded(request, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Check the view's rule before it runs."""
        rule = access.rule_of(view) or package_rule(view)
        try:
            if rule is None:
                raise access.Denied
            rule.check(request.actor, request)  # type: ignore[attr-defined]  # set by ActorMiddleware
            _check_retired(request, view)
        except Refusal as refusal:
            return refusal_response(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Turn a Refusal, and what the database is to blame for or refuses, into an answer; all else goes on."""
        if isinstance(fault, Refusal):
            return refusal_response(request, fault)
        if refusal := self.refusals.get(type(fault)):
            return refusal_response(request, refusal())
        if is_away(fault):
            log.warning("%s: the database is away: %s", request.path, fault)
            return away_response(request)
        if is_beyond(fault):
            log.warning("%s: beyond what a column holds: %s", request.path, fault)
            return refusal_response(request, BeyondBounds())
        if is_taken(fault):
            log.warning("%s: taken meanwhile: %s", request.path, fault)
            return refusal_response(request, TakenMeanwhile())
        if isinstance(fault, ValidationError):
            return refusal_response(request, Invalid(" ".join(fault.messages)))
        if isinstance(fault, Http404) and wants_json(request):
            return problem("not-found", status=404, title=_("Not found"), detail=_("There is nothing at this address."))
        return None


class InstitutionRetired(Refusal):
    """The institution has retired: what is there can be read."""

    code = "retired"
    message = gettext_lazy("This institution has retired. Its records can be read; nothing can be changed any more.")


def _check_retired(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Refuse what would change a retired institution's records; the database would refuse it too, without a message."""
    institution = getattr(request, "institution", None)
    if institution is None or not institution.read_only or request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if _module_of(view).startswith("tenants."):
        raise InstitutionRetired


def _module_of(view: Callable[..., Any]) -> str:
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    return getattr(owner, "__module__", "") or ""


def package_rule(view: Callable[..., Any]) -> access.ViewRule | None:
    """Return the rule of a third party's view, by the module it comes from (settings.NUOXING_OPEN_MODULES)."""
    if _module_of(view).startswith(tuple(settings.NUOXING_OPEN_MODULES)):
        return access.ViewRule(public=True)
    return None


class RequestIdMiddleware:
    """Give every request a number that its log lines and its answer carry."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve, and say the number in the answer."""
        request.id = uuid.uuid4().hex[:16]  # type: ignore[attr-defined]  # for logs
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]  # as above
        return response
