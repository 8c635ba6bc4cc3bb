"""Isolation from the outside: every URL there is, as everybody, with the keys of another institution's things.

The other institution has one row in every table, its words marked. Nothing marked may come back, nothing keyed by its
things may be served, and nothing may fail: a fault (500) on such a row means that somebody reached it. A new view is
tried by itself; one whose address cannot be filled in fails here with words.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from kernel import tenancy
from kernel.db import grants
from kernel.fields import uuid7
from shared.identity.models.accounts import Account, RoleGrant
from support.http.addresses import BY_MACHINES, OF_A_PAGE, Address, Visitor, addresses

ELSEWHERE = "360200"  # an authority that does not answer for either institution
STAFF = ("principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier")
OTHERS = {
    "province_officer": "360000",
    "city_officer": ELSEWHERE,
    "inspector": ELSEWHERE,
    "platform_operator": "",
    "employer_clerk": str(uuid.uuid4()),
}
AT_ITS_HOST = ("anonymous", "trainee", *STAFF, *OTHERS)
# Who may look at all institutions' things from the platform's host is left out there: that is the platform's own work.
AT_THE_PLATFORM = ("anonymous", "trainee", "registrar", "principal", "city_officer", "inspector", "employer_clerk")
NOT_SERVED = {301, 302, 400, 401, 403, 404, 405, 409, 410, 415, 422, 429}

PLAIN = {
    "year": 2026, "month": 3, "day": 2, "number": 1, "pk": 1, "version": "none", "key": "none", "slug": "none",
    "system": "none", "kind": "none", "form": "none", "name": "none", "token": "none", "uidb36": "0",
    "verb": "check-in",
}  # fmt: skip
# Where a key's name does not tell whose it is: the model, by the app whose view it is.
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
    "institutions:copy_id": "hosting.RestoredCopy",
    "discrepancy_id": "exchange.Discrepancy",
    "policy:notice_id": "registry.PublicNotice",
    "registry:notice_id": "registry.PublicNotice",
    "notices:notice_id": "notices.Notice",
    "courses:correction_id": "courses.Correction",
    "privacy:correction_id": "privacy.Correction",
}
# Served by design: law and lists are public.
OPEN = {"lawbook:version", "lawbook:version-file"}
# Whoever holds the number of a request goes to any institution's counter (which lets in its own people alone) and to
# the province, which answers for everybody; another city's officer is refused.
AT_COUNTERS = {
    (role, "identity:recovery-case") for role in ("registrar", "principal", "province_officer", "platform_operator")
}
MODELS = {model._meta.label: model for model in (*grants.shared_models(), *grants.tenant_models())}


def label_of(argument: str, app: str) -> str | None:
    """Return the model whose key an argument of a URL is; None where it is no model's."""
    if (model_label := WHOSE.get(f"{app}:{argument}") or WHOSE.get(argument)) is not None:
        return model_label
    stem = argument.removesuffix("_id").replace("_", "")
    labels = [label for label, model in MODELS.items() if model._meta.model_name == stem]
    own = [label for label in labels if label.startswith(f"{app}.")]
    return (own or labels or [None])[0] if argument.endswith("_id") else None


def path_of(address: Address, side: Any, urlconf: str) -> tuple[str, bool]:
    """Return the URL filled in with the other institution's keys, and whether any of them is its own."""
    values: dict[str, Any] = {}
    theirs = False
    for argument in address.arguments:
        label = label_of(argument, address.app)
        if label is not None:
            model = MODELS[label]
            key = side.keys.get(model._meta.db_table) if side.is_its(model) else None
            theirs = theirs or key is not None
            values[argument] = key or (1 if argument in address.integers else uuid7())
        elif argument == "link":
            values[argument] = signing.TimestampSigner(salt="records.file").sign(str(side.keys["records_file"]))
            theirs = True
        elif argument in PLAIN:
            values[argument] = PLAIN[argument]
        else:
            pytest.fail(f"{address.name}: say in {__name__} what its argument {argument!r} is, so that it can be tried")
    return reverse(address.name, urlconf=urlconf, kwargs=values), theirs


def _account(role: str, institution: Any, side: Any, at: Any) -> Account:
    account = Account.objects.create(name=f"演示{role}", email=f"{uuid7().hex}@example.invalid", made_at=at)
    if role in STAFF:
        RoleGrant.objects.create(
            account=account, role=role, scope=str(institution.organisation_id), granted_at="2026-01-01T00:00:00Z"
        )
    elif role in OTHERS:
        RoleGrant.objects.create(account=account, role=role, scope=OTHERS[role], granted_at="2026-01-01T00:00:00Z")
    else:
        account.person_id = side.put(Account._meta.get_field("person").related_model)
        account.save()
    return account


def come(role: str, client: Client, host: str, institution: Any, side: Any, at: Any) -> Visitor:
    """Sign somebody in at a host, where the schema of the host is open."""
    client.raise_request_exception = False
    if role != "anonymous":
        with tenancy.open_public(), tenancy.as_owner():
            account = _account(role, institution, side, at)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["level"], session["host"] = (1 if role == "trainee" else 2), host
        session.save()
    return Visitor(client)


def _wrong(response: Any, theirs: bool, name: str, marks: tuple[str, ...], *, signed_in: bool) -> str:
    """Return what is wrong with an answer, "" where nothing is."""
    if signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
        return "may be kept by a cache"
    text = response.content_read.decode("utf-8", "replace")
    if any(mark in text or mark in str(response.headers) for mark in marks):
        return "shows what is the other institution's"
    if response.status_code >= 500 and response.status_code != 503:
        return f"fails ({response.status_code})"
    if theirs and response.status_code not in NOT_SERVED and name.split(":", 1)[-1] not in OPEN and name not in OPEN:
        return f"serves it ({response.status_code})"
    return ""


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals by the thousand need no log."""
    caplog.set_level("CRITICAL")


def _leaks(urlconf: str, roles: tuple[str, ...], make: Callable[[str], Visitor], side: Any) -> tuple[list[str], int]:
    """Ask every URL as everybody; return what went wrong, and how many were asked."""
    wrong, requests = [], 0
    known = [(a.name, path_of(a, side, urlconf)) for a in addresses(urlconf) if a.name]
    for role in roles:
        visitor = make(role)
        for name, (path, theirs) in known:
            for method in BY_MACHINES if path.startswith("/api/") else OF_A_PAGE:
                requests += 1
                response = visitor.ask(method, path)
                its_own = theirs and (role, name) not in AT_COUNTERS
                if fault := _wrong(response, its_own, name, (side.mark,), signed_in=role != "anonymous"):
                    wrong.append(f"{role}: {method} {path} ({name}) {fault}")
    return wrong, requests


def test_nothing_of_another_institution_is_served_at_an_institutions_host(
    sides: tuple[Any, Any], made_up: Any, visit: Any, at: Any, quiet: None
) -> None:
    mine, theirs = sides
    with made_up(theirs, tenants=True), tenancy.open_institution(mine.institution):

        def make(role: str) -> Visitor:
            tenancy.enter(mine.institution)
            return come(role, visit("alpha"), mine.host, mine.institution, mine, at)

        wrong, requests = _leaks("config.urls_tenant", AT_ITS_HOST, make, theirs)
    tenancy.enter(None)
    assert not wrong, "\n".join(wrong)
    assert requests > 1500


def test_nothing_of_an_institution_is_served_at_the_platforms_host_to_those_who_have_no_business_with_it(
    sides: tuple[Any, Any], made_up: Any, visit: Any, at: Any, quiet: None
) -> None:
    mine, theirs = sides
    with made_up(theirs, tenants=True), tenancy.open_public():

        def make(role: str) -> Visitor:
            tenancy.enter(None)
            return come(role, visit(), "nuoxing.localhost", mine.institution, mine, at)

        wrong, requests = _leaks("config.urls_public", AT_THE_PLATFORM, make, theirs)
    tenancy.enter(None)
    assert not wrong, "\n".join(wrong)
    assert requests > 1500
