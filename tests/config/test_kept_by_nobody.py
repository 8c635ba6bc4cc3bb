"""What somebody is shown who is signed in, no cache keeps: every page, file and refusal of both hosts."""

from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver

from kernel.access import SYSTEM
from kernel.roles import STAFF_ROLES, Role
from shared.identity.models.accounts import Account
from shared.identity.operations import accounts

HOSTS = {"": settings.PUBLIC_SCHEMA_URLCONF, "alpha": settings.ROOT_URLCONF}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def account(public_db: None, at: datetime) -> Account:
    """Somebody with a second factor."""
    made = accounts.register_account(identifier="13800000001", password="correct-horse-9", name="李小路", at=at)
    accounts.set_totp(account_id=made.id, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", by=SYSTEM, at=at)
    return Account.objects.get(pk=made.id)


def _paths(entries: Any, prefix: str = "/") -> Iterator[str]:
    """Yield every address without arguments."""
    for entry in entries:
        path = prefix + str(entry.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if isinstance(entry, URLResolver):
            yield from _paths(entry.url_patterns, path)
        elif isinstance(entry, URLPattern) and not set("<(\\") & set(path):
            yield path


@pytest.mark.parametrize("slug", HOSTS)
def test_no_answer_to_somebody_signed_in_may_be_kept(
    institutions: Any, account: Account, acting: Any, as_actor: Any, slug: str
) -> None:
    roles = STAFF_ROLES if slug else (Role.PROVINCE_OFFICER, Role.PLATFORM_OPERATOR)
    scope = str(institutions[0].organisation_id) if slug else "360000"
    client = acting(as_actor(*roles, scope=scope, account_id=account.pk), slug)
    if not slug:
        client.force_login(account, backend=BACKEND)
    client.raise_request_exception = False
    answers = {path: client.get(path) for path in _paths(import_module(HOSTS[slug]).urlpatterns)}
    kept = {
        path: answer.get("Cache-Control", "")
        for path, answer in answers.items()
        if "no-store" not in answer.get("Cache-Control", "")
    }
    assert kept == {}
    assert sum(answer.status_code == 200 for answer in answers.values()) > (20 if slug else 60)


def test_recovery_codes_and_refusals_are_kept_by_nobody(account: Account, visit: Any) -> None:
    client = visit()
    client.force_login(account, backend=BACKEND)
    for path in ("/account/2fa/", "/account/2fa/recovery-codes/", "/account/email/", "/no/such/page/", "/operator/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
    assert "no-store" in client.delete("/verify/")["Cache-Control"]


def test_a_page_for_everybody_may_be_kept_and_has_its_mark(public_db: None, visit: Any) -> None:
    answer = visit(moment=None).get("/notices/")
    assert (answer["Cache-Control"], "ETag" in answer) == ("public, max-age=10", True)
