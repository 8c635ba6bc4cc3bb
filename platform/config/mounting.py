"""URLs of the apps, included for the two kinds of host.

An app's urls.py may hold `urlpatterns` (its own kind of host), `institution_patterns` (a shared app's pages at an
institution's host), `platform_patterns` (a tenant app's way in at the platform's host: webhooks), `api_patterns`, and
`gateway_patterns` (what stands beside Django at the same host and is only described here).
"""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import include, path

from kernel.web.openapi import description_view


def _urls(side: str, app: str) -> ModuleType | None:
    name = f"{side}.{app}.urls"
    return import_module(name) if find_spec(f"{side}.{app}") and find_spec(name) else None


def page_patterns(side: str, apps: Iterable[str], *, attribute: str = "urlpatterns") -> list[Any]:
    """Return the includes of all apps that hold `attribute`, under each app's namespace, paths from the root."""
    includes = []
    for app in apps:
        module = _urls(side, app)
        patterns = getattr(module, attribute, None)
        if module is not None and patterns:
            includes.append(path("", include((patterns, module.app_name), namespace=module.app_name)))
    return includes


def api_patterns(host: str, apps: Iterable[str]) -> list[Any]:
    """Return the REST routes of one kind of host ("public" or "institution") with the description of all it answers."""
    side = "shared" if host == "public" else "tenants"
    includes = []
    for app in apps:
        module = _urls(side, app)
        if module is not None and getattr(module, "api_patterns", None):
            includes.append(path("", include((module.api_patterns, f"{module.app_name}-api"))))
    urls = settings.PUBLIC_SCHEMA_URLCONF if host == "public" else settings.ROOT_URLCONF
    gateway = page_patterns(side, apps, attribute="gateway_patterns")
    return [path("openapi.json", description_view(urls, gateway), name="openapi"), *includes]
