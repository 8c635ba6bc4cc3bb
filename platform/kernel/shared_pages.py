"""Pages that are alike for everybody who is not signed in: with an ETag, a short public lifetime, and drawn once.

A view says by `everybody` which rows its page shows (kernel.editions). Their edition, the day and what a browser may
choose (address, language, theme, size of type) make the ETag, so that it changes with every fact; what was drawn under
an ETag is kept in the process and needs no second drawing. Who is signed in, has messages waiting, or gave the request
its own time gets a page of their own, which nobody may keep.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from kernel import access, clock, editions
from kernel.editions import Rows

View = Callable[..., HttpResponseBase]
LIFETIME = 10  # seconds in which caches between us need not ask again
KEPT = 64  # pages that a process keeps drawn
CHOICES = ("nx_theme", "nx_type")  # cookies that change how a page is drawn
MARKED = ("*.html", "*.mo", "*.py", "manifest.json")

_drawn: "OrderedDict[str, bytes]" = OrderedDict()
_lock = Lock()


def everybody(rows: Callable[..., Iterable[Rows]]) -> Callable[[View], View]:
    """Let a view's page be shared by everybody who is not signed in.

    `rows` is given the view's arguments but the request, and returns the rows of which the page shows something. The
    page may otherwise depend on the day alone, and not on the hour.
    """

    def share(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not _is_anybody(request):
                answer = view(request, *args, **kwargs)
                patch_cache_control(answer, private=True, no_store=True)
                return answer
            request.shared = True  # type: ignore[attr-defined]  # read by templates: no token of one browser's
            return _shared(request, view, _etag(request, rows(*args, **kwargs)), args, kwargs)

        return shown

    return share


def _is_anybody(request: HttpRequest) -> bool:
    own = settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES
    actor = getattr(request, "actor", access.ANONYMOUS)
    return request.method in ("GET", "HEAD") and not (own or actor.is_authenticated or clock.simulated_now())


def _etag(request: HttpRequest, rows: Iterable[Rows]) -> str:
    """Return the mark of a page as it is now."""
    address = (request.scheme, request.get_host(), request.get_full_path(), get_language())
    chosen = [request.COOKIES.get(name, "") for name in CHOICES]
    stand_in = settings.NUOXING_STAND_IN_MINISTRY  # a warning on every page
    state = repr((_build(), address, chosen, stand_in, clock.legal_day(clock.now()), editions.of(*rows)))
    return f'"{hashlib.blake2b(state.encode(), digest_size=16).hexdigest()}"'


def _shared(
    request: HttpRequest, view: View, etag: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        with _lock:
            body = _drawn.get(etag)
        answer = HttpResponse(body) if body is not None else view(request, *args, **kwargs)
        if answer.status_code != 200 or "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
            return answer  # somebody's own after all
        if body is None and isinstance(answer, HttpResponse) and not request.GET:
            _keep(etag, answer.content)
    answer.headers["ETag"] = etag
    patch_cache_control(answer, public=True, max_age=LIFETIME)
    patch_vary_headers(answer, ("Cookie", "Accept-Language", "Nuoxing-Now"))
    return answer


def _keep(etag: str, body: bytes) -> None:
    with _lock:
        _drawn[etag] = body
        while len(_drawn) > KEPT:
            _drawn.popitem(last=False)


@cache
def _build() -> str:
    """Return a mark of the code and templates that draw pages here: another build draws others of the same facts."""
    root = Path(settings.ROOT)
    folders = [root / "frontend" / "templates", root / "frontend" / "dist", root / "locale", root / "platform"]
    files = [path for folder in [*folders, root / "tenants"] for kind in MARKED for path in folder.rglob(kind)]
    newest = max((path.stat().st_mtime_ns for path in files), default=0)
    return f"{len(files)}.{newest}"
