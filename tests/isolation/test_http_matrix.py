"""Every URL × visitor × method is really asked, and answered as files say that people write (tests/isolation/http)."""

import random
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import messages
from django.core.cache import cache
from django.template import Template
from django.test.utils import _TestState

from kernel import access
from kernel.errors import Refusal
from kernel.management.commands import draw_http
from kernel.roles import Role
from kernel.web import forms
from shared.identity.queries import areas
from support.http import bodies, matrix, visitors
from support.http.addresses import Address, addresses
from support.http.both import Both, fill_all
from support.http.matrix import Answer, Expected

WHO = matrix.Visitors(tomllib.loads((matrix.FOLDER / "visitors.toml").read_text()))
HOSTS = {"platform": "config.urls_public", "institution": "config.urls_tenant"}
EXPECTED = {host: Expected(host, WHO) for host in HOSTS}
URLS = {host: [a for a in addresses(urlconf) if a.name] for host, urlconf in HOSTS.items()}
AT_HOST = sorted(visitors.EVERYBODY)
SEED, SHARE = 20260302, 24
"""Of those who meet the same at a URL, the sample asks one, and of all others one in SHARE."""

Asked = tuple[Address, str, str, Answer]
"""URL, visitor, method, and what is to be met."""


@pytest.fixture
def both(institutions: tuple[Any, Any], at: Any) -> Both:
    """An institution of one city and one of another, with a row behind every key."""
    return fill_all(*institutions, at)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> list[Refusal]:
    """The refusals that a page shows at a form or above itself; refusals by the thousand need no log."""
    caplog.set_level("CRITICAL")
    found: list[Refusal] = []
    made: list[Refusal] = []
    make, refuse, error = Refusal.__init__, forms.refuse, messages.error

    def note(self: Refusal, *args: Any, **params: Any) -> None:
        make(self, *args, **params)
        made.append(self)

    def at_a_form(form: Any, refusal: Refusal, **how: Any) -> None:
        found.append(refusal)
        refuse(form, refusal, **how)

    def above_a_page(request: Any, words: str, *args: Any, **how: Any) -> None:
        found.extend(refusal for refusal in made[-1:] if str(refusal) == words)
        error(request, words, *args, **how)

    monkeypatch.setattr(Refusal, "__init__", note)
    monkeypatch.setattr(forms, "refuse", at_a_form)
    monkeypatch.setattr(messages, "error", above_a_page)
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # contexts are nobody's business
    return found


def grid(host: str, who: list[str], said: Callable[[Address, str, str], Answer]) -> Iterator[Asked]:
    """Yield everything that can be asked at a host."""
    for address in URLS[host]:
        for method in address.methods:
            for visitor in who:
                yield address, visitor, method, said(address, visitor, method)


def sample(asked: Iterator[Asked], *, everything: bool) -> list[Asked]:
    """Return all, or a part of it in which every URL and method gives each of its answers at least once."""
    all_of_it = list(asked)
    if everything:
        return all_of_it
    chance = random.Random(SEED)
    chance.shuffle(all_of_it)
    first: dict[tuple[str, str, Answer], Asked] = {}
    rest = []
    for one in all_of_it:
        address, _visitor, method, answer = one
        if first.setdefault((address.name, method, answer), one) is not one and chance.randrange(SHARE) == 0:
            rest.append(one)
    return [*first.values(), *rest]


def differences(host: str, institution: Any, both: Both, asked: list[Asked], shown: list[Refusal]) -> list[str]:
    """Ask, and return in a line each where another answer came than was expected, or what nobody may see."""
    found = []
    with visitors.at_host(institution) as name:
        coming = dict.fromkeys(visitor for _address, visitor, _method, _answer in asked)
        there = {visitor: visitors.come(visitor, both.people, name, both.people.at) for visitor in coming}
    for address, who, method, expected in asked:
        body = bodies.body_of(host, address.name, both.rows) if method != "GET" else None
        shown.clear()
        if method != "GET":
            cache.clear()  # each is the first who tries
        with visitors.at_host(institution):
            path = both.rows.path_of(host, address, HOSTS[host])
        path += bodies.QUERIES.get(address.name, "")
        response = there[who].ask(method, path, body)
        answer = matrix.answered(response, shown)
        if answer != expected:
            found.append(f"{address.name}  {who}  {method}: expected {expected}, got {answer} ({response.status_code})")
        text = response.content_read.decode("utf-8", "replace")
        seen = [mark for mark, may in WHO.marks.items() if mark in text and who not in may]
        found += [f"{address.name}  {who}  {method}: shows {mark}" for mark in seen]
    return sorted(found)


EVERYTHING = pytest.mark.parametrize("everything", [False, pytest.param(True, marks=pytest.mark.long)])


@pytest.mark.parametrize("host", HOSTS)
def test_every_url_has_a_line_and_every_line_a_url(host: str) -> None:
    assert sorted(EXPECTED[host].faults(URLS[host], visitors.EVERYBODY)) == []


@EVERYTHING
def test_the_platform_answers_everybody_as_the_file_says(both: Both, shown: list[Refusal], everything: bool) -> None:
    asked = grid("platform", AT_HOST, lambda a, who, m: EXPECTED["platform"].answer(a.name, who, m))
    found = differences("platform", None, both, sample(asked, everything=everything), shown)
    assert found == [], "\n".join(["", *found])


@EVERYTHING
def test_an_institution_answers_everybody_as_the_file_says(both: Both, shown: list[Refusal], everything: bool) -> None:
    asked = grid("institution", AT_HOST, lambda a, who, m: EXPECTED["institution"].answer(a.name, who, m))
    found = differences("institution", both.here, both, sample(asked, everything=everything), shown)
    assert found == [], "\n".join(["", *found])


@EVERYTHING
def test_another_institution_has_nothing_of_it_for_its_own_people(
    both: Both, shown: list[Refusal], everything: bool
) -> None:
    asked = grid("institution", list(visitors.AT_HOME), EXPECTED["institution"].elsewhere)
    found = differences("institution", both.elsewhere, both, sample(asked, everything=everything), shown)
    assert found == [], "\n".join(["", *found])


def only(host: str, urls: str, who: str, method: str = "GET") -> list[Asked]:
    """Return of all that can be asked what some visitors ask of some URLs."""
    everything = grid(host, sorted(WHO.named(who)), lambda a, name, m: EXPECTED[host].answer(a.name, name, m))
    return [one for one in everything if one[0].name in urls.split() and one[2] == method]


def test_a_scope_that_is_missing_is_found(both: Both, shown: list[Refusal], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as planted:
        planted.setattr(areas, "covered", lambda by: None)
        asked = only("platform", "identity:recovery-case identity:recovery-desk", "officers inspectors")
        assert differences("platform", None, both, asked, shown) == [
            "identity:recovery-case  city_officer_other  GET: expected hidden, got through (200)",
            "identity:recovery-case  city_officer_other  GET: shows ZZASKED",
            "identity:recovery-desk  city_officer  GET: shows ZZFOREIGN",
            "identity:recovery-desk  city_officer_other  GET: shows ZZASKED",
        ]
    with monkeypatch.context() as planted:
        planted.setattr(access, "open_scope", lambda: None)
        planted.setattr(access.ViewRule, "check", lambda rule, by, request: access.demand(by, rule._any, None))
        asked = only("institution", "billing:orders", "cashier_elsewhere teacher_elsewhere cashier")
        assert differences("institution", both.here, both, asked, shown) == [
            "billing:orders  cashier_elsewhere  GET: expected refused, got through (200)",
            "billing:orders  cashier_elsewhere  GET: shows ZZOWN",
        ]


def test_a_role_that_is_granted_too_much_is_found(
    both: Both, shown: list[Refusal], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = next(a.view for a in URLS["institution"] if a.name == "billing:orders")
    too_many = access.ViewRule((access.role(Role.CASHIER, Role.PRINCIPAL, Role.REGISTRAR, Role.PROCTOR),))
    monkeypatch.setattr(orders, "access_rule", too_many)
    asked = only("institution", "billing:orders", "staff anonymous")
    assert differences("institution", both.here, both, asked, shown) == [
        "billing:orders  proctor  GET: expected refused, got through (200)",
        "billing:orders  proctor_other  GET: expected refused, got through (200)",
    ]


def test_the_page_is_drawn_from_the_files() -> None:
    assert draw_http.PAGE.read_text() == draw_http.drawn(), "run manage.py draw_http"
