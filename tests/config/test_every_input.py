"""No input breaks a page: every address of both hosts and every form, with values that nobody expects, as everybody who
may come there. A refusal in words is an answer, a fault of ours (500) is none; and what was written is read back.

What fields a form has is not listed here: the first, empty attempt at an address shows which forms its view makes.
"""

import json
import random
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import models, transaction
from django.db.models.signals import post_save
from django.template import Template
from django.test import Client, RequestFactory
from django.test.utils import _TestState
from django.urls import get_resolver

from kernel import access, tenancy
from kernel.access import Actor
from kernel.web.middleware import package_rule
from support import nasty
from support.http import bodies, visitors
from support.http.both import Both, fill_all
from support.walking import HOSTS, KINDS, Address, addresses

SEED = 20260302
ROOT = f"{settings.ROOT}/"
ABSENT = ("_weak", "_elsewhere", "closed")
"""Who does not come, by the end of the name: they meet refusals alone, which the HTTP matrix tries."""
PARAMETERS = (
    "page", "per_page", "sort", "q", "search", "next", "cursor", "page_size", "number", "host", "nonce", "ticket",
    "second", "programme", "state", "city", "position", "stars", "name", "token", "lang",
)  # fmt: skip
UNREACHED = {
    "": ["billing:stripe-webhook", "exchange-api:answer", "exchange-api:take", "notices:demo-outbox"],
    "alpha": ["identity:ticket"],
}
"""Addresses, by the host, that answer nobody as they should: what takes messages that an outside system signs, a ticket
of another host's, the messages of a demonstration. Paths and bodies are tried there, forms are not.
"""
PARTS = 4
"""Into which the whole walk of a host is cut, so that several processes can share it."""
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
def both(institutions: tuple[Any, Any], at: Any, monkeypatch: pytest.MonkeyPatch) -> Both:
    """An institution and its authorities, with a row behind every key (that of the HTTP matrix)."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # contexts are nobody's business
    return fill_all(*institutions, at)


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

        cache.clear()  # each is the first who tries
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
        with visitors.at_host(self.institution), tenancy.as_owner():
            for row in written:
                type(row)._base_manager.filter(pk=row.pk).first()


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


def _callers(institution: Any, both: Both) -> list[Caller]:
    """Let everybody come to a host: nobody in particular, all who have a role, all who learn."""
    found = []
    with visitors.at_host(institution) as name:
        for who in ["anonymous", *both.people.actors]:
            if who.endswith(ABSENT):
                continue
            client = visitors.come(who, both.people, name, both.people.at).client
            actor = client.get("/healthz").wsgi_request.actor
            expected = both.people.actors.get(who, access.ANONYMOUS)
            assert actor.account_id == expected.account_id, who
            assert actor.grants >= expected.grants, who
            found.append(Caller(who, client, actor, institution))
            tenancy.enter(institution)  # each request leaves it
    return found


def _who_may(address: Address, callers: list[Caller]) -> list[Caller]:
    """Return who may come to an address; where its view itself asks who it is (a webhook's key), everybody."""
    request = RequestFactory().get("/")
    request.institution = callers[0].institution  # type: ignore[attr-defined]  # as HostMiddleware does
    rule = access.rule_of(address.view) or package_rule(address.view)
    assert rule is not None, address.name
    may = []
    with visitors.at_host(callers[0].institution):
        for caller in callers:
            try:
                rule.check(caller.actor, request)
                may.append(caller)
            except access.Forbidden:
                continue
    assert may, f"nobody here may come to {address.name}, so nothing of it is tried"
    return may


Trial = tuple[str, Callable[[Caller], str]]


@dataclass(frozen=True)
class Target:
    """An address with the rows that its path names, the fields of its forms, and a body that may well be sent to it."""

    address: Address
    values: Mapping[str, str]
    body: Callable[[], Mapping[str, Any]]
    fields: Mapping[str, forms.Field] = field(default_factory=dict)
    fitting: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return the path, filled in."""
        return self.address.path(self.values)

    @property
    def for_machines(self) -> bool:
        """Say whether its bodies are JSON."""
        return self.path.startswith(("/api/", "/live/"))

    def data(self, **odd: Any) -> dict[str, Any]:
        """Return what may well be sent, with something odd in it."""
        return {**self.fitting, **self.body(), **odd}

    def with_forms(self, fields: Mapping[str, forms.Field]) -> "Target":
        """Return it with the fields of its forms, whose choices are read from the open schema."""
        plain = {name: one for name, one in fields.items() if not isinstance(one, forms.FileField)}
        return replace(self, fields=dict(fields), fitting={name: nasty.fitting(one) for name, one in plain.items()})

    def post(self, who: Caller, **odd: Any) -> str:
        """Let somebody send it."""
        if self.for_machines:
            return who.send("post", self.path, json.dumps(self.data(**odd), default=str).encode(), "application/json")
        return who.ask("post", self.path + bodies.QUERIES.get(self.address.name, ""), data=self.data(**odd))


def _trials(target: Target, *, whole: bool) -> Iterator[Trial]:
    """Yield everything that is tried at an address, each with its name; `whole`: all parameters of a query at once."""
    address, path = target.address, target.path
    for name in address.arguments:
        for what in nasty.IN_PATHS:
            odd = address.path({**target.values, name: nasty.TEXTS[what]})
            yield f"{name} in the path: {what}", lambda who, odd=odd: who.ask("get", odd) or who.ask("post", odd)
        long = address.path({**target.values, name: nasty.LONG_PATH})
        yield f"{name} in the path: very long", lambda who, long=long: who.ask("get", long)
    names = (*PARAMETERS, *target.fields)
    for group in [names] if whole else [(name,) for name in names]:
        for what, text in nasty.TEXTS.items():
            query = [(name, text[: 300 if whole else 3000]) for name in group for _twice in range(2)]
            said = f"{'everything' if whole else group[0]} in the query: {what}"
            yield said, lambda who, q=query: who.ask("get", f"{path}?{urlencode(q)}")
    yield from _posts(target)
    for what, (body, kind) in nasty.BODIES.items():
        for method in ("post", "put", "patch", "delete") if target.for_machines else ("post",):
            yield f"a body ({method}): {what}", lambda who, m=method, b=body, k=kind: who.send(m, path, b, k)


def _posts(target: Target) -> Iterator[Trial]:
    """Yield what is sent to an address: in each field everything odd, all others as they may well be."""
    yield "a form as it may well be", target.post
    for name in dict.fromkeys((*target.fields, *target.data())):
        odd: dict[str, Any] = dict(nasty.TEXTS)
        if isinstance(target.fields.get(name), forms.FileField):
            odd |= nasty.files()
        if target.for_machines:
            odd |= nasty.VALUES
        odd["twice"] = [target.data().get(name, ""), nasty.TEXTS["negative"]]
        for what, value in odd.items():
            yield f"{name}: {what}", lambda who, n=name, v=value: target.post(who, **{n: v})


@dataclass
class Walk:
    """A walk: what went wrong, how much was tried, and which addresses answered nobody as they should."""

    faults: list[str] = field(default_factory=list)
    tried: int = 0
    unreached: list[str] = field(default_factory=list)

    def note(self, who: Caller, address: Address, what: str, fault: str) -> None:
        """Count a trial, and keep what went wrong."""
        self.tried += 1
        if fault:
            self.faults.append(f"{who.role} at {address.name}: {what}: {fault}")

    def begin(self, target: Target, may: list[Caller]) -> list[Caller]:
        """Ask an address as it is, until somebody reaches what it names; return whom to try it as."""
        query = bodies.QUERIES.get(target.address.name, "")
        attempts: dict[str, Callable[[Caller], str]] = {
            "get": lambda who: who.ask("get", target.path + query),
            "empty": lambda who: who.ask("post", target.path),
            "filled": target.post,
        }
        for who in may:
            reached = False
            for what, attempt in attempts.items():
                self.note(who, target.address, f"as it is ({what})", attempt(who))
                reached = reached or who.status < 400 or who.status in (409, 422)
            if reached:
                return [who]
        self.unreached.append(target.address.name)
        return may


def _walk(slug: str, both: Both, made: Forms, *, share: int | None = None, part: int = 0, parts: int = 1) -> Walk:
    """Try `share` of what can be tried at each address, chosen by the seed (all of it without)."""
    walk, choose, host = Walk(), random.Random(SEED), KINDS[slug]
    institution = both.here if slug else None
    callers = _callers(institution, both)
    for address in addresses(slug)[part::parts]:
        may = _who_may(address, callers)
        made.fields.clear()
        target = Target(
            address,
            {name: str(both.rows.key_of(host, address, name) or "none") for name in address.arguments},
            lambda name=address.name: bodies.body_of(host, name, both.rows),
        )
        able = walk.begin(target, choose.sample(may, len(may)))
        with visitors.at_host(institution):
            target = target.with_forms(made.fields)
        trials = list(_trials(target, whole=share is None))
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
def test_a_sample_of_nasty_inputs_breaks_no_page(slug: str, both: Both, made: Forms, quiet: None) -> None:
    walk = _walk(slug, both, made, share=6)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.tried > 300
    assert sorted(walk.unreached) == UNREACHED[slug]


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("slug", list(HOSTS))
def test_no_nasty_input_breaks_a_page(slug: str, part: int, both: Both, made: Forms, quiet: None) -> None:
    walk = _walk(slug, both, made, part=part, parts=PARTS)
    assert not walk.faults, "\n".join(walk.faults)
    assert walk.tried > 2_000


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
