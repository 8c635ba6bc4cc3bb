"""Addresses: whether the page at one lets somebody in, so that no link leads to a refusal."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from kernel import access
from kernel.errors import Refusal
from kernel.web.middleware import package_rule


def lets_in(request: HttpRequest, path: str, *, urlconf: str | None = None) -> bool:
    """Say whether `path` is a page of this host (or of `urlconf`) whose rule lets in whoever asks now.

    A page that only wants the second factor first does: it asks for it itself.
    """
    here: str = urlconf or getattr(request, "urlconf", None) or settings.ROOT_URLCONF
    view = _view(path.partition("?")[0], here)
    rule = (access.rule_of(view) or package_rule(view)) if view else None
    if rule is None:
        return False
    try:
        rule.check(getattr(request, "actor", access.ANONYMOUS), request)
    except access.SecondFactorNeeded:
        return True
    except Refusal:
        return False
    return True


@lru_cache(maxsize=1024)
def _view(path: str, urlconf: str) -> Any:
    """Return the view at an address, None where there is none; URLs do not change while the process lives."""
    try:
        return resolve(path, urlconf).func
    except Resolver404:
        return None
