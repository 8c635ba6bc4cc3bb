"""Every URL of a host with its arguments, filled in with rows that there are."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.contrib.admindocs.utils import replace_named_groups
from django.core import signing
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern, URLResolver

from kernel import tenancy
from kernel.fields import uuid7
from shared.records.models import File

HOSTS = {"": "config.urls_public", "alpha": "config.urls_tenant"}
"""The URLs of each kind of host, by the slug of who stands at it."""

# Whose key an argument is, where its name does not say: by the app of the view, or for all.
WHOSE = {
    "class_id": "courses.TrainingClass",
    "session_id": "courses.StudySession",
    "request_id": "identity.RecoveryRequest",
    "grant_id": "identity.RoleGrant",
    "token_id": "identity.ApiToken",
    "cap_id": "policy.FeeCap",
    "draft_id": "lawbook.PolicyDraft",
    "proposal_id": "lawbook.CapProposal",
    "run_id": "rankings.StarRun",
    "import_id": "exchange.ImportFile",
    "copy_id": "hosting.RestoredCopy",
    "policy:notice_id": "registry.PublicNotice",
    "registry:notice_id": "registry.PublicNotice",
    "privacy:correction_id": "privacy.Correction",
}
PLAIN = {
    "year": "2026", "month": "3", "day": "2", "number": "1", "pk": "1", "version": "jiangxi-2020@3",
    "system": "ministry", "kind": "training", "verb": "check-in",
    "key": "1", "bank:key": "SGY-TJ", "slug": "alpha", "form": "csv", "part": "1", "edition": "1",
}  # fmt: skip


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

    def path(self, **values: str) -> str:
        """Return the path, its arguments filled in with rows that there are, or with what is given."""
        app = self.name.rpartition(":")[0].rpartition(":")[2]
        pieces = [
            piece if isinstance(piece, str) else quote(values.get(piece[0]) or _value(app, *piece), safe="")
            for piece in self.pieces
        ]
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


def _value(app: str, argument: str, kind: str) -> str:
    label = WHOSE.get(f"{app}:{argument}") or WHOSE.get(argument)
    if label is None and argument.endswith("_id"):
        stem = argument.removesuffix("_id").replace("_", "")
        found = [model._meta.label for model in apps.get_models() if model._meta.model_name == stem]
        label = next((one for one in found if one.split(".")[0] == app), found[0] if found else None)
    if label is not None:
        with tenancy.as_owner():
            row = apps.get_model(label)._base_manager.order_by("-pk").first()
        return str(row.pk if row is not None else "1" if kind == "IntConverter" else uuid7())
    if argument == "link":
        with tenancy.as_owner():
            file = File.objects.first()
        return signing.TimestampSigner(salt="records.file").sign(str(file.pk if file is not None else uuid7()))
    if kind == "UUIDConverter":
        return str(uuid.uuid4())
    plain = PLAIN.get(f"{app}:{argument}") or PLAIN.get(argument)
    return plain or ("1" if kind in ("IntConverter", "YearConverter") else "none")
