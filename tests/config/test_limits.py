"""How much an address takes: the same in the application and in nginx, and room for every file that a form asks for."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from config import limits
from kernel.web.sizes import limit_of
from shared.records.operations import MAX_FILE_BYTES

ROOT = Path(settings.ROOT)
KEY = "01900000-0000-7000-8000-000000000001"
SIZES = {"k": 1024, "m": 1024 * 1024}
TAKING_FILES = (
    "/operator/exchange/files/",
    "/authority/bank/imports/",
    "/account/privacy/corrections/",
    "/account/employers/new/",
    "/api/v1/employers/registrations/",
    f"/employer/{KEY}/people/file/",
    "/staff/enrolments/new/",
    "/staff/rosters/",
    "/api/v1/rosters/",
    f"/commitment/{KEY}/evidence/",
    f"/staff/programmes/{KEY}/lessons/",
    f"/staff/lessons/{KEY}/editing/",
    f"/classes/{KEY}/apply/",
    f"/authority/commitments/{KEY}/checks/",
)
FORMS_OF_TEXT_FILES = {"calendar.py", "desk.py"}  # a plan of days, a pack: they fit into a FORM


def _nginx(path: str) -> int:
    """Return what nginx lets through at a path, as its rules for locations say."""
    text = (ROOT / "infra" / "deploy" / "nginx.conf").read_text()
    blocks = re.findall(r"location (~ )?(\S+) \{(.*?)\n    \}", text, re.S)
    sizes = {(bool(kind), where): re.search(r"client_max_body_size (\d+)([km]);", body) for kind, where, body in blocks}
    found = next((size for (kind, where), size in sizes.items() if kind and re.search(where, path)), None)
    if found is None:
        plain = sorted((where for kind, where in sizes if not kind and path.startswith(where)), key=len)
        found = sizes[False, plain[-1]]
    found = found or re.search(r"client_max_body_size (\d+)([km]);", text.partition("location")[0])
    assert found is not None
    return int(found[1]) * SIZES[found[2]]


@pytest.mark.parametrize("path", [*TAKING_FILES, "/", "/api/v1/anything/", f"/live/attempts/{KEY}/answers/"])
def test_nginx_takes_as_much_as_the_application(path: str) -> None:
    assert _nginx(path) == limit_of(path)


def test_an_address_that_takes_a_file_takes_the_largest() -> None:
    assert [path for path in TAKING_FILES if limit_of(path) <= MAX_FILE_BYTES] == []
    assert [limit_of(path) for path in ("/", "/sign-in/", "/account/login/")] == [limits.FORM] * 3


def test_every_limit_is_of_an_address_that_there_is() -> None:
    pages = {re.sub(r"<[^>]*>", KEY, path) for urlconf in ("urls_public", "urls_tenant") for path in _paths(urlconf)}
    unknown = [
        pattern
        for pattern, _limit in limits.BY_ADDRESS
        if not pattern.startswith("/live/") and not any(re.fullmatch(pattern, path) for path in pages)
    ]
    assert unknown == []


def _paths(urlconf: str) -> Iterator[str]:
    def walk(entries: Any, before: str) -> Iterator[str]:
        for entry in entries:
            path = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, path)
            else:
                yield path

    yield from walk(get_resolver(f"config.{urlconf}").url_patterns, "/")


def test_who_takes_files_is_known_here() -> None:
    """A form with a file that is new wants a line in config.limits, and here."""
    forms = [path for side in ("platform", "tenants") for path in (ROOT / side).rglob("forms*/*.py")]
    forms += [path for side in ("platform", "tenants") for path in (ROOT / side).rglob("forms.py")]
    fields = sum(path.read_text().count("forms.FileField(") for path in forms if path.name not in FORMS_OF_TEXT_FILES)
    # two forms stand at two addresses: at the counter and at a class; a lesson's; two addresses take JSON
    assert fields == len(TAKING_FILES) - 4
