"""No input breaks a page: every address of both hosts and every form, with values that nobody expects, as everybody who
may come there. A refusal in words is an answer, a fault of ours (500) is none; and what was written is read back.

What fields a form has is not listed here: the first, empty attempt at an address shows which forms its view makes.
"""

import random
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import models, transaction
from django.db.models.signals import post_save
from django.test import Client, RequestFactory
from django.urls import get_resolver

from kernel import access, tenancy
from kernel.access import Actor
from kernel.fields import uuid7
from kernel.money import Money
from kernel.web.middleware import package_rule
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import recovery
from shared.lawbook.operations import caps
from support import holders, nasty, sittings
from support.commitments import Life
from support.school import School
from support.walking import HOSTS, Address, addresses
from tenants.rosters.models import Enrolment

SEED = 20260302
ROOT = f"{settings.ROOT}/"
SCOPES = {
    "principal": "own", "registrar": "own", "teacher": "own", "proctor": "own", "chief_proctor": "own",
    "cashier": "own", "province_officer": "360000", "city_officer": "360100", "inspector": "360100",
    "platform_operator": "", "employer_clerk": str(uuid.UUID(int=1)), "training_centre": "",
}  # fmt: skip
PARAMETERS = (
    "page", "per_page", "sort", "q", "search", "next", "cursor", "page_size", "number", "host", "nonce", "ticket",
    "second", "programme", "state", "city", "position", "stars", "name", "token", "lang",
)  # fmt: skip
MOST_UNREACHED = {"": 48, "alpha": 13}
"""Addresses, by the host, of what this world has no row of: paths and bodies are tried there, forms are not. A rise
says that the walk has gone blind somewhere; a fall is a reason to lower the number.
"""
MEANT_TO_FAIL = {503}  # an outside system that is not set up here


@dataclass
class Forms:
    """The fields of the forms that views make, as they make them."""

    fields: dict[str, forms.Field] = field(default_factory=dict)

    def note(self, form: forms.BaseForm) -> None:
        """Keep the fields of a form."""
        self.fields |= {form.add_prefix(name): one for name, one in form.fields.items()}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Forms:
    """Watch which forms are made."""
    watched = Forms()
    original = forms.BaseForm.full_clean

    def full_clean(form: forms.BaseForm) -> None:
        watched.note(form)
        original(form)

    monkeypatch.setattr(forms.BaseForm, "full_clean", full_clean)
    return watched


@pytest.fixture
def province(alpha: Any, as_actor: Any, at: Any) -> sittings.World:
    """An institution with a row of nearly everything, and what the platform has of it."""
    sittings.fill_bank(at)
    world = sittings.build(alpha, at, people=3)
    school = School(alpha, at, as_actor)
    group = school.open_class()
    school.paid(group.pk, school.person())
    school.ordered(group.pk, school.person())
    school.applied(group.pk, school.person())
    world.running(world.enrolments[:2])
    with tenancy.open_public():
        holders.certificate(alpha, holders.holder(at), at)
        life = Life(at, as_actor)
        life.under_notice()
        recovery.ask_recovery(
            cause="lost_phone",
            identifier="principal@nuoxing.example",
            name="演示戊",
            contact_address="someone@example.invalid",
            words="",
            at=at,
        )
        caps.propose_cap(
            document_no="演示〔2026〕1号",
            fee_item="training",
            position="CLY",
            unit="person",
            ceiling=Money(100_00),
            effective_from=at.date() + timedelta(days=30),
            by=as_actor("province_officer", scope="360000", name="演示处长"),
            at=at,
        )
    return world


class Caller:
    """Somebody signed in at a host. What a request does is undone; what it has written is read back before."""

    def __init__(self, role: str, client: Client, actor: Actor, institution: Any) -> None:
        """Take who asks, and whose host it is."""
        self.role, self.client, self.actor, self.institution = role, client, actor, institution
        self.client.raise_request_exception = False
        self.status = 0

    def ask(self, method: str, path: str, **more: Any) -> str:
        """Ask once; return what went wrong, "" where nothing did."""
        return self._try(lambda: getattr(self.client, method)(path, **more))

    def send(self, method: str, path: str, body: bytes, kind: str) -> str:
        """Send a body as it stands; return what went wrong."""
        return self._try(lambda: self.client.generic(method.upper(), path, body, kind))

    def _try(self, request: Callable[[], Any]) -> str:
        written: list[models.Model] = []
        raised: list[str] = []

        def note(instance: models.Model, **_other: Any) -> None:
            written.append(instance)

        def note_fault(**_other: Any) -> None:
            raised.append(_described(sys.exception()))

        cookies = {key: morsel.value for key, morsel in self.client.cookies.items()}
        post_save.connect(note)
        got_request_exception.connect(note_fault)
        try:
            with transaction.atomic():
                response = request()
                self.status = response.status_code
                fault = _fault(response)
                self._read_back(written if not fault else [])
                if not fault and response.status_code in (302, 303) and response["Location"].startswith("/"):
                    fault = _fault(self.client.get(response["Location"]), after=True)
                transaction.set_rollback(True)
        finally:
            post_save.disconnect(note)
            got_request_exception.disconnect(note_fault)
            self.client.cookies.clear()
            for key, value in cookies.items():
                self.client.cookies[key] = value
        return " ".join([fault, *raised]) if fault else ""

    def _read_back(self, written: list[models.Model]) -> None:
        with _opened(self.institution), tenancy.as_owner():
            for row in written:
                type(row)._base_manager.filter(pk=row.pk).first()


def _opened(institution: Any) -> AbstractContextManager[Any]:
    """Open what a host opens: the institution's schema, or the platform's where there is none."""
    return tenancy.open_public() if institution is None else tenancy.open_institution(institution)


def _described(fault: BaseException | None) -> str:
    """Return a fault with the last lines of ours that it passed."""
    frames = [one for one in traceback.extract_tb(fault.__traceback__ if fault else None) if ROOT in one.filename]
    ours = [f"{one.filename.removeprefix(ROOT)}:{one.lineno}" for one in frames if ".venv" not in one.filename]
    return f"{type(fault).__name__}: {str(fault)[:200]} {' '.join(ours[-3:])}"


def _fault(response: Any, *, after: bool = False) -> str:
    if response.status_code >= 500 and response.status_code not in MEANT_TO_FAIL:
        return f"{response.status_code}{' afterwards' if after else ''}"
    if response.streaming:
        b"".join(response.streaming_content)
    return ""


def _official(role: str, world: sittings.World, at: Any) -> Account:
    account = Account.objects.create(name=f"演示{role}", email=f"{uuid7().hex}@example.invalid", made_at=at)
    scope = str(world.institution.organisation_id) if SCOPES[role] == "own" else SCOPES[role]
    RoleGrant.objects.create(account=account, role=role, scope=scope, granted_at="2026-01-01T00:00:00Z")
    return account


def _trainee(person_id: uuid.UUID, at: Any) -> Account:
    account = Account.objects.filter(person_id=person_id).first()
    facts = {"name": "演示甲", "email": f"{uuid7().hex}@example.invalid", "made_at": at}
    return account or Account.objects.create(person_id=person_id, **facts)


def _accounts(world: sittings.World, at: Any) -> Iterator[tuple[str, Account | None]]:
    """Yield who comes: nobody in particular, everybody who learns there, who has a role, and one of each role."""
    yield "anonymous", None
    with tenancy.open_institution(world.institution), tenancy.as_owner():
        people = list(Enrolment.objects.order_by("pk").values_list("person_id", flat=True).distinct())
    with tenancy.open_public(), tenancy.as_owner():
        trainees = [_trainee(person_id, at) for person_id in people]
        known = RoleGrant.objects.filter(role__in=SCOPES).order_by("pk").select_related("account")
        officials = [(grant.role, grant.account) for grant in known]
        officials += [(role, _official(role, world, at)) for role in SCOPES]
    yield from (("trainee", account) for account in trainees)
    yield from officials


def _callers(world: sittings.World, slug: str, visit: Callable[..., Any], at: Any) -> list[Caller]:
    found, institution = [], world.institution if slug else None
    for role, account in list(_accounts(world, at)):
        tenancy.enter(institution)  # where the session is kept; each request leaves it
        client = visit(slug)
        if account is not None:
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            session["level"] = 1 if role == "trainee" else 2
            session["host"] = f"{slug}.nuoxing.localhost" if slug else "nuoxing.localhost"
            session.save()
        actor = client.get("/healthz").wsgi_request.actor
        assert (actor.account_id is None, bool(actor.grants)) == (role == "anonymous", role in SCOPES), role
        found.append(Caller(role, client, actor, institution))
    return found


def _who_may(address: Address, callers: list[Caller]) -> list[Caller]:
    """Return who may come to an address; where its view itself asks who it is (a webhook's key), everybody."""
    request = RequestFactory().get("/")
    request.institution = callers[0].institution  # type: ignore[attr-defined]  # as HostMiddleware does
    rule = access.rule_of(address.view) or package_rule(address.view)
    assert rule is not None, address.name
    may = []
    with _opened(callers[0].institution):
        for caller in callers:
            try:
                rule.check(caller.actor, request)
                may.append(caller)
            except access.Forbidden:
                continue
    assert may, f"nobody here may come to {address.name}, so nothing of it is tried"
    return may


Trial = tuple[str, Callable[[Caller], str]]


def _trials(address: Address, fields: dict[str, forms.Field], *, whole: bool) -> Iterator[Trial]:
    """Yield everything that is tried at an address, each with its name; `whole`: all parameters of a query at once."""
    path = address.path()
    for name in address.arguments:
        for what in nasty.IN_PATHS:
            odd = address.path(**{name: nasty.TEXTS[what]})
            yield f"{name} in the path: {what}", lambda who, odd=odd: who.ask("get", odd) or who.ask("post", odd)
        long = address.path(**{name: nasty.LONG_PATH})
        yield f"{name} in the path: very long", lambda who, long=long: who.ask("get", long)
    names = (*PARAMETERS, *fields)
    for group in [names] if whole else [(name,) for name in names]:
        for what, text in nasty.TEXTS.items():
            query = [(name, text[: 300 if whole else 3000]) for name in group for _twice in range(2)]
            said = f"{'everything' if whole else group[0]} in the query: {what}"
            yield said, lambda who, q=query: who.ask("get", f"{path}?{urlencode(q)}")
    yield from _posts(path, fields)
    for what, (body, kind) in nasty.BODIES.items():
        for method in ("post", "put", "patch", "delete") if path.startswith("/api/") else ("post",):
            yield f"a body ({method}): {what}", lambda who, m=method, b=body, k=kind: who.send(m, path, b, k)


def _posts(path: str, fields: dict[str, forms.Field]) -> Iterator[Trial]:
    right = {name: nasty.fitting(one) for name, one in fields.items() if not isinstance(one, forms.FileField)}
    yield "a form as it may well be", lambda who: who.ask("post", path, data=right)
    for name, one in fields.items():
        if isinstance(one, forms.FileField):
            for what, upload in nasty.files().items():
                yield f"{name}: {what}", lambda who, n=name, f=upload: who.ask("post", path, data={**right, n: f})
        for what, text in nasty.TEXTS.items():
            yield f"{name}: {what}", lambda who, n=name, t=text: who.ask("post", path, data={**right, n: t})
        twice = [right.get(name, ""), nasty.TEXTS["negative"]]
        yield f"{name}: twice", lambda who, n=name, t=twice: who.ask("post", path, data={**right, n: t})


@dataclass
class Walk:
    """A walk: what went wrong, how much was tried, and where nobody who may come found what the address names."""

    faults: list[str] = field(default_factory=list)
    tried: int = 0
    unreached: list[str] = field(default_factory=list)

    def note(self, who: Caller, address: Address, what: str, fault: str) -> None:
        """Count a trial, and keep what went wrong."""
        self.tried += 1
        if fault:
            self.faults.append(f"{who.role} at {address.name}: {what}: {fault}")

    def begin(self, address: Address, path: str, may: list[Caller]) -> list[Caller]:
        """Ask an address as it is, until somebody reaches what it names; return whom to try it as."""
        for who in may:
            reached = False
            for method in ("get", "post"):
                self.note(who, address, f"as it is ({method})", who.ask(method, path))
                reached = reached or who.status < 400 or who.status in (409, 422)
            if reached:
                return [who]
        self.unreached.append(address.name)
        return may


def _walk(slug: str, world: sittings.World, visit: Callable[..., Any], at: Any, made: Forms, share: int | None) -> Walk:
    """Try `share` of what can be tried at each address, chosen by the seed (all of it without)."""
    walk, choose = Walk(), random.Random(SEED)
    callers = _callers(world, slug, visit, at)
    for address in addresses(slug):
        may = _who_may(address, callers)
        tenancy.enter(world.institution)  # to find its rows
        made.fields.clear()
        path = address.path()
        able = walk.begin(address, path, choose.sample(may, len(may)))
        tenancy.enter(world.institution)
        trials = list(_trials(address, dict(made.fields), whole=share is None))
        for what, attempt in trials if share is None else choose.sample(trials, min(share, len(trials))):
            who = choose.choice(able)
            walk.note(who, address, what, attempt(who))
    tenancy.enter(None)
    return walk


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals by the thousand need no log."""
    caplog.set_level("CRITICAL")


@pytest.mark.parametrize("slug", list(HOSTS))
def test_a_sample_of_nasty_inputs_breaks_no_page(
    slug: str, province: sittings.World, visit: Any, at: Any, made: Forms, quiet: None
) -> None:
    walk = _walk(slug, province, visit, at, made, share=6)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.tried > 300
    assert len(walk.unreached) <= MOST_UNREACHED[slug], walk.unreached


@pytest.mark.long
@pytest.mark.parametrize("slug", list(HOSTS))
def test_no_nasty_input_breaks_a_page(
    slug: str, province: sittings.World, visit: Any, at: Any, made: Forms, quiet: None
) -> None:
    walk = _walk(slug, province, visit, at, made, share=None)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.tried > 10_000


def test_every_url_is_walked() -> None:
    for slug, urlconf in HOSTS.items():
        names = {f"{space}{name}" for space, name in _names(get_resolver(urlconf).url_patterns, "")}
        assert {address.name for address in addresses(slug)} == names


def _names(entries: Any, space: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if hasattr(entry, "url_patterns"):
            yield from _names(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield space, entry.name or ""
