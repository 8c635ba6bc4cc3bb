"""The description of the API, as a caller of each kind of host reads it."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("slug", "known", "elsewhere"),
    [
        ("", {"/api/v1/certificates/{token}/", "/api/v1/institutions/", "/api/v1/openapi.json"}, set()),
        ("alpha", {"/api/v1/openapi.json"}, {"/api/v1/certificates/{token}/", "/api/v1/institutions/"}),
    ],
)
def test_each_host_describes_its_own_api(
    institutions: Any, visit: Any, slug: str, known: set[str], elsewhere: set[str]
) -> None:
    answer = visit(slug).get("/api/v1/openapi.json", headers={"accept": "application/json"})
    paths = set(answer.json()["paths"])
    assert known <= paths
    assert not elsewhere & paths
