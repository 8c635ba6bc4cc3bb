"""No link points up: what an app's templates and code name by URL belongs to itself or to an app below.

What must point up is a name in `settings.ADDRESSES`, or an act that an upper app offers by a hook.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, get_resolver, resolve

from kernel.web import http
from support.http.addresses import addresses

ROOT = Path(__file__).resolve().parents[2]
HOSTS = (settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF)
URL_TAG = re.compile(r"""{%\s*url\s+['"]([\w-]+):[\w-]+['"]""")
PATH = re.compile(r"""(?:href|action|hx-get|hx-post)=['"](/[^'"{}]*)['"]""")
TEMPLATE_APPS = {"tenant_portal": "tenants.portal"}
"""Folders of templates that are not called like their app."""


@cache
def _floors() -> dict[str, int]:
    """Return each app with its floor, the kernel at the bottom: contracts 4a and 4b are the order."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    order = {c["name"][:2]: c["layers"] for c in contracts if c["name"].startswith(("4a", "4b"))}
    layers = [
        ["kernel"],
        *([app.strip() for app in layer.split("|")] for layer in reversed(order["4a"])),
        *([app.strip() for app in layer.split("|")] for layer in reversed(order["4b"])),
    ]
    return {app: floor for floor, apps in enumerate(layers) for app in apps}


def _app_of_module(module: str) -> str:
    return ".".join(module.split(".")[:2]) if module.startswith(("shared.", "tenants.")) else module.split(".")[0]


@cache
def _namespaces() -> dict[str, str]:
    """Return each namespace of the URL lists with the app whose views it holds."""
    apps: dict[str, str] = {}
    for host in HOSTS:
        for resolver in get_resolver(host).url_patterns:
            inside = getattr(resolver, "url_patterns", [])
            if inside and getattr(resolver, "namespace", None):
                view = inside[0].callback
                apps[resolver.namespace] = _app_of_module(view.__module__)
    return apps


@cache
def _app_at(path: str) -> str:
    """Return the app of the page at a path, the lowest where both kinds of host have one; "" where there is none."""
    apps = []
    for host in HOSTS:
        try:
            apps.append(_app_of_module(resolve(path.partition("?")[0], host).func.__module__))
        except Resolver404:
            continue
    return min((app for app in apps if app in _floors()), key=_floors().__getitem__, default="")


def _climbs(app: str, other: str) -> bool:
    return other in _floors() and _floors()[other] > _floors()[app]


def _templates() -> Iterator[tuple[str, Path]]:
    for folder in sorted((ROOT / "frontend" / "templates").iterdir()):
        names = [TEMPLATE_APPS.get(folder.name, ""), f"shared.{folder.name}", f"tenants.{folder.name}"]
        app = next((name for name in names if name in _floors()), None)
        if folder.is_dir() and app:
            yield from ((app, path) for path in sorted(folder.rglob("*.html")))


def _sources() -> Iterator[tuple[str, Path]]:
    bases = ((ROOT / "platform", ROOT / "platform" / "kernel"), (ROOT / "platform", ROOT / "platform" / "shared"))
    for top, base in (*bases, (ROOT, ROOT / "tenants")):
        for path in sorted(base.rglob("*.py")):
            app = _app_of_module(".".join(path.relative_to(top).parts))
            if app in _floors() and "migrations" not in path.parts:
                yield app, path


def _strings(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    skipped = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values[1:]}  # the middle of a text begins no path
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def test_no_template_names_a_page_of_an_app_above_its_own() -> None:
    climbing = []
    for app, path in _templates():
        text = path.read_text()
        climbing += [
            f"{path.relative_to(ROOT)}: {match.group(0)}"
            for match in URL_TAG.finditer(text)
            if _climbs(app, _namespaces().get(match.group(1), ""))
        ]
        climbing += [
            f"{path.relative_to(ROOT)}: {match.group(0)}"
            for match in PATH.finditer(text)
            if _climbs(app, _app_at(match.group(1)))
        ]
    assert climbing == []


def test_no_code_names_a_page_of_an_app_above_its_own() -> None:
    name = re.compile(r"([a-z_-]+):[a-z][a-z0-9-]*")
    climbing = []
    for app, path in _sources():
        for text in _strings(path):
            match = name.fullmatch(text)
            if match and _climbs(app, _namespaces().get(match.group(1), "")):
                climbing.append(f"{path.relative_to(ROOT)}: {text}")
            if text.startswith("/") and text.count("/") > 1 and _climbs(app, _app_at(text)):
                climbing.append(f"{path.relative_to(ROOT)}: {text}")
    assert climbing == []


def test_every_page_that_a_template_or_a_redirect_names_is_there() -> None:
    there = {address.name for host in HOSTS for address in addresses(host)}
    named = re.compile(r"""(?:{%\s*url\s+|\b(?:reverse|redirect)\(\s*)['"]([\w-]+:[\w-]+)['"]""")
    texts = [(path, path.read_text()) for path in (ROOT / "frontend" / "templates").rglob("*.html")]
    texts += [(path, path.read_text()) for _app, path in _sources()]
    found = [(path.relative_to(ROOT), name) for path, text in texts for name in named.findall(text)]
    assert len(found) > 300
    assert [f"{path}: {name}" for path, name in found if name not in there] == []


def test_the_order_of_apps_names_every_app() -> None:
    ours = {app for app in settings.INSTALLED_APPS if app.startswith(("shared.", "tenants."))}
    assert ours | {"kernel"} == set(_floors())


@pytest.mark.parametrize("name", sorted(settings.ADDRESSES))
def test_an_address_is_a_page_of_its_host(name: str) -> None:
    side, url_name = settings.ADDRESSES[name]
    space, _colon, view = url_name.partition(":")
    resolver = dict(get_resolver(http.urls_of(side)).namespace_dict)[space][1]
    assert resolver.reverse_dict.getlist(view)


def test_every_address_is_named_by_somebody() -> None:
    texts = [path.read_text() for _app, path in (*_templates(), *_sources())]
    named = {name for text in texts for name in re.findall(r"""\baddress(?:\(|\s)['"]([\w-]+)['"]""", text)}
    assert sorted(set(settings.ADDRESSES) - named) == []
