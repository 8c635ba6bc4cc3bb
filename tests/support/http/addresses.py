"""Every URL of a host as the resolver knows it, the methods that it takes, and visitors that leave nothing behind."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.converters import IntConverter
from django.urls.resolvers import URLResolver

OF_A_PAGE = ("GET", "POST")
BY_MACHINES = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with the namespaces, its arguments, those that are whole numbers, its view."""

    name: str
    arguments: tuple[str, ...]
    view: Callable[..., Any] = field(compare=False)
    integers: frozenset[str] = frozenset()

    @property
    def app(self) -> str:
        """Return the app whose view it is, for people or for machines; "" where it is a package's."""
        return self.name.split(":")[-2].removesuffix("-api") if ":" in self.name else ""

    @property
    def keyed(self) -> bool:
        """Say whether a row's key stands in it."""
        return any(argument.endswith("_id") for argument in self.arguments)

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the methods that it takes, of those that anybody tries."""
        return methods_of(self.view)


def addresses(urlconf: str) -> Iterator[Address]:
    """Yield every URL of a URLconf."""

    def walk(entries: Any, space: str, before: tuple[str, ...], whole: frozenset[str]) -> Iterator[Address]:
        for entry in entries:
            regex = getattr(entry.pattern, "regex", None)
            here = tuple(entry.pattern.converters) or tuple(regex.groupindex if regex is not None else ())
            integers = whole | {n for n, kind in entry.pattern.converters.items() if isinstance(kind, IntConverter)}
            names = tuple(dict.fromkeys((*before, *here)))
            if isinstance(entry, URLResolver):
                inside = f"{space}{entry.namespace}:" if entry.namespace else space
                yield from walk(entry.url_patterns, inside, names, integers)
            else:
                yield Address(f"{space}{entry.name or ''}", names, entry.callback, integers)

    yield from walk(get_resolver(urlconf).url_patterns, "", (), frozenset())


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """Return the methods that a view takes, as its decorator or its class says; GET and POST where it says nothing."""
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if owner is not None:
        return tuple(m for m in BY_MACHINES if hasattr(owner, m.lower()))
    layer: Any = view
    while layer is not None:
        known = inspect.getclosurevars(layer).nonlocals if inspect.isfunction(layer) else {}
        if "request_method_list" in known:
            return tuple(m for m in BY_MACHINES if m in known["request_method_list"])
        layer = getattr(layer, "__wrapped__", None)
    return OF_A_PAGE


class Visitor:
    """Somebody at a host; what a request does is undone, and so are its cookies."""

    def __init__(self, client: Client, **headers: str) -> None:
        """Remember the cookies, and what each request brings along."""
        self.client, self.headers = client, headers
        self.cookies = {key: morsel.value for key, morsel in client.cookies.items()}

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        """Ask once."""
        body: dict[str, Any] = {"data": data or {}}
        if method in ("PUT", "PATCH", "DELETE") or (method == "POST" and path.startswith(("/api/", "/live/"))):
            body["content_type"] = "application/json"
        with transaction.atomic():
            response = getattr(self.client, method.lower())(path, headers=self.headers, **body)
            response.content_read = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        self.client.cookies.clear()
        for key, value in self.cookies.items():
            self.client.cookies[key] = value
        return response
