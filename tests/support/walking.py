"""Every URL of a host with its path in pieces, to be filled in with rows that there are or with what fits nowhere."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib.admindocs.utils import replace_named_groups
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern, URLResolver

HOSTS = {"": "config.urls_public", "alpha": "config.urls_tenant"}
"""The URLs of each kind of host, by the slug of who stands at it."""

KINDS = {"": "platform", "alpha": "institution"}
"""The kinds of host, as the files of the HTTP matrix call them."""


@dataclass(frozen=True)
class Address:
    """A URL: its name, its view, and the pieces of its path, of which the arguments are (name, kind)."""

    slug: str
    name: str
    view: Any
    pieces: tuple[str | tuple[str, str], ...]

    @property
    def arguments(self) -> list[str]:
        """Return the names of its arguments."""
        return [piece[0] for piece in self.pieces if isinstance(piece, tuple)]

    @property
    def app(self) -> str:
        """Return the app whose view it is, for people or for machines; "" where it is a package's."""
        return self.name.split(":")[-2].removesuffix("-api") if ":" in self.name else ""

    def path(self, values: Mapping[str, str]) -> str:
        """Return the path, its arguments filled in, whether or not they fit."""
        pieces = [one if isinstance(one, str) else quote(values[one[0]], safe="") for one in self.pieces]
        return "/" + "".join(pieces)


def addresses(slug: str) -> list[Address]:
    """Return every URL of a host, as its URLconf says."""
    return list(_walk(slug, get_resolver(HOSTS[slug]).url_patterns, "", ()))


def _walk(slug: str, entries: Any, space: str, before: tuple[Any, ...]) -> Iterator[Address]:
    for entry in entries:
        pieces = (*before, *_pieces(entry.pattern))
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(slug, entry.url_patterns, inside, pieces)
        else:
            yield Address(slug, f"{space}{entry.name or ''}", entry.callback, pieces)


def _pieces(pattern: Any) -> Iterator[str | tuple[str, str]]:
    if isinstance(pattern, RegexPattern):
        named = replace_named_groups(re.sub(r"\(\?!.*?\)", "", pattern._regex))
        pattern = RoutePattern(named.lstrip("^").rstrip("$").replace("\\", ""))
    rest = str(pattern._route)
    for name, converter in pattern.converters.items():
        start = rest.index("<")
        yield rest[:start]
        yield name, type(converter).__name__
        rest = rest[rest.index(">") + 1 :]
    yield rest
