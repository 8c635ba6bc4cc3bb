"""The HTTP matrix: what a file that people write says of every URL × visitor × method, and what is really answered."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from kernel.errors import Refusal
from support.http.addresses import Address

FOLDER = Path(__file__).parents[2] / "isolation" / "http"
READING = ("GET",)


class Answer(StrEnum):
    """What a visitor meets: gets through to the page or the act (done, or refused for what was entered), or a wall."""

    THROUGH = "through"
    SIGN_IN = "sign_in"
    SECOND = "second"
    REFUSED = "refused"
    HIDDEN = "hidden"
    FAULT = "fault"


UNSIGNED = (b'"signature"', b"bad-signature")
"""Codes that tell an outside system that its message is not signed: its signature is its right."""


@dataclass(frozen=True)
class Line:
    """What the file says of some URLs: for each kind of method, who meets what; all others meet the default."""

    what: str
    urls: tuple[str, ...]
    said: Mapping[str, Mapping[Answer, frozenset[str]]]
    """"read", "write" and the same elsewhere -> answer -> visitors."""


class Visitors:
    """Who there is, in groups, and what nobody needs to say: whom a page asks to sign in, or for a second factor."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        """Read the groups; a group may name groups before it."""
        self.weak: Mapping[str, str] = said["second_factor"]
        self.unknown = frozenset(said["signs_in"].split())
        self.machines = frozenset(said["machines"].split())
        self.groups: dict[str, frozenset[str]] = {}
        for name, members in said["groups"].items():
            self.groups[name] = self.named(members)
        self.marks = {mark: self.named(who) for mark, who in said["marks"].items()}

    def named(self, text: str) -> frozenset[str]:
        """Return the visitors that a text names: visitors and groups one after the other, "-" before one takes away."""
        found: frozenset[str] = frozenset()
        for word in text.split():
            name = word.removeprefix("-")
            some = self.groups.get(name, frozenset({name}))
            found = found - some if word.startswith("-") else found | some
        return found


class Expected:
    """The committed side of one kind of host."""

    def __init__(self, host: str, visitors: Visitors) -> None:
        """Read the file; a URL in two lines, and a key that means nothing, are refused."""
        self.visitors = visitors
        self.lines: dict[str, Line] = {}
        self.rows: list[Mapping[str, str]] = tomllib.loads((FOLDER / f"{host}.toml").read_text())["line"]
        for row in self.rows:
            line = self._line(row)
            for url in line.urls:
                assert url not in self.lines, f"{host}.toml: {url} stands in two lines"
                self.lines[url] = line

    def _line(self, row: Mapping[str, str]) -> Line:
        said: dict[str, dict[Answer, frozenset[str]]] = {}
        for key, who in row.items():
            if key in ("what", "urls"):
                continue
            kind, _, answer = key.partition("_")
            if kind == "elsewhere":
                second, _, answer = answer.partition("_")
                kind = f"{kind}_{second}"
            assert kind in ("read", "write", "elsewhere_read", "elsewhere_write"), f"{row['what']}: what is {key}?"
            said.setdefault(kind, {})[Answer(answer or "through")] = self.visitors.named(who)
        return Line(row["what"], tuple(row["urls"].split()), said)

    def answer(self, url: str, visitor: str, method: str) -> Answer:
        """Return what a visitor is to meet."""
        kind = "read" if method in READING else "write"
        said = self.lines[url].said.get(kind, {})
        found = next((answer for answer, who in said.items() if visitor in who), None)
        if found is not None:
            return found
        if visitor in self.visitors.unknown or (visitor in self.visitors.machines and "-api:" not in url):
            return Answer.SIGN_IN
        strong = self.visitors.weak.get(visitor)
        if strong is not None and self.answer(url, strong, method) != Answer.REFUSED:
            return Answer.SECOND
        return Answer.REFUSED

    def elsewhere(self, address: Address, visitor: str, method: str) -> Answer:
        """Return what people of another institution meet at their own host: what the same role meets here, but of a
        thing that is here nothing.
        """
        kind = "read" if method in READING else "write"
        for answer, who in self.lines[address.name].said.get(f"elsewhere_{kind}", {}).items():
            if visitor in who:
                return answer
        here = self.answer(address.name, visitor.removesuffix("_elsewhere"), method)
        return Answer.HIDDEN if address.keyed and here == Answer.THROUGH else here

    def faults(self, known: Iterable[Address], everybody: frozenset[str]) -> Iterator[str]:
        """Yield what is wrong with the file: a URL without a line, a method of which it says nothing, what is not."""
        by_name = {address.name: address for address in known}
        for name, address in by_name.items():
            line = self.lines.get(name)
            if line is None:
                yield f"{name}: no line says who may do what there"
                continue
            kinds = {"read" if method in READING else "write" for method in address.methods}
            said = {kind for kind in line.said if kind in ("read", "write")}
            if kinds != said:
                yield f"{name}: takes {' '.join(address.methods)}; the file speaks of {' and '.join(sorted(said))}"
        yield from (f"{name}: no such URL" for name in self.lines.keys() - by_name.keys())
        for line in {line.what: line for line in self.lines.values()}.values():
            who = frozenset().union(*(names for answers in line.said.values() for names in answers.values()))
            yield from (f"{line.what}: no visitor is {name}" for name in sorted(who - everybody))


def answered(response: Any, shown: Iterable[Refusal]) -> Answer:
    """Return which answer a response is. A refusal may be shown at a form, or above the page to which an act leads: it
    is the same wall that it would be without a page.
    """
    text = response.content_read[:60_000]
    where = response.headers.get("Location", "")
    if response.status_code >= 500 and response.status_code != 503:
        return Answer.FAULT
    if response.status_code in (301, 302, 303) and (wall := _led_to_a_wall(where)):
        return wall
    if response.status_code == 401:
        return Answer.REFUSED if UNSIGNED[0] in text else Answer.SIGN_IN
    if response.status_code == 403:
        return Answer.SECOND if b"second-factor-needed" in text else Answer.REFUSED
    if response.status_code in (404, 410):
        return Answer.HIDDEN
    if response.status_code == 400 and UNSIGNED[1] in text:
        return Answer.REFUSED
    for refusal in shown:
        if refusal.status in (401, 403):
            return Answer.REFUSED
        if refusal.status == 404:
            return Answer.HIDDEN
    return Answer.THROUGH


def _led_to_a_wall(where: str) -> Answer | None:
    path, _, query = where.partition("?")
    if path.endswith(("/sign-in/", "/account/login/", "/account/sso-ticket/")) and "next=" in query:
        return Answer.SECOND if "second=1" in query else Answer.SIGN_IN
    if "reauthenticate" in path:
        return Answer.SECOND
    return None
