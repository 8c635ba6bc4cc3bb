"""`pages`: what the busiest pages cost beside one row over DRF, after ten years, with 500 institutions."""

import http.client
import os
import random
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infra.bench import (
    elsewhere,  # sets Django up
    fixtures,  # sets Django up
    servers,  # sets Django up
)
from infra.bench.database import BenchDatabase
from infra.bench.decade import province, school
from infra.bench.report import Target
from infra.bench.servers import Server
from infra.stack.ports import LOOPBACK
from infra.stack.progress import StackError

ROUNDS = 3
SECONDS = 1.0
FEWEST = 3  # requests of a leg, however slow the page
DRF = "infra.bench.drf.embedded:application"
BARE = "/enrolments/E0000100/"
HEALTH = "/healthz"
MOST_QUERIES = 30
AGAINST = "NUOXING_BENCH_AGAINST"  # a checkout of another revision, with its .venv, that runs the same beside


@dataclass(frozen=True, slots=True)
class Page:
    """One of the busiest pages: where it is, who asks, and how many queries it may take at most."""

    path: str
    queries: int
    who: str = ""
    at_school: bool = False


PAGES: Mapping[str, Page] = {
    "home": Page("/", 1),
    "institutions": Page("/institutions/", 1),
    "institution": Page("/institutions/bench0000/", 1),
    "classes": Page("/classes/", 7),
    "classes_chosen": Page("/classes/?position=SGY-TJ&city=360100&price=800&places=free&order=price", 8),
    "filed_classes": Page("/authority/board/classes/?state=open", 8, "officer"),
    "policy": Page("/policy/", 1),
    "notices": Page("/notices/", 1),
    "ranking": Page("/rankings/{year}/", 1),
    "window": Page("/", 1, at_school=True),
    "trainee": Page("/my/", 8, "trainee", at_school=True),
    "staff": Page("/staff/", 7, "staff", at_school=True),  # the shared schema's signs are the platform's to ask
    "enrolments": Page("/staff/enrolments/", 5, "staff", at_school=True),
    "orders": Page("/staff/orders/", 4, "staff", at_school=True),
    "officer": Page("/authority/", 7, "officer"),
    "board": Page("/authority/board/", 9, "officer"),
    "certificates": Page("/authority/certificates/", 8, "officer"),
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who asks for the same page again and again, and keeps nothing of it."""

    path: str
    host: str
    cookie: str = ""

    def call(self, server: http.client.HTTPConnection) -> None:
        """Ask once; refuses (Trouble) every answer but 200."""
        headers = {"host": f"{self.host}:{server.port}"} | ({"cookie": self.cookie} if self.cookie else {})
        server.request("GET", self.path, headers=headers)
        answer = server.getresponse()
        answer.read()
        if answer.status != 200:
            raise StackError(f"{self.path} answers {answer.status} in the bench.")


def run(ground: BenchDatabase, seed: int) -> list[Target]:
    """Measure every page with one caller in turn with the baseline; then the same at another revision, if one is named.

    What is measured is the processor time of a request in the server and in PostgreSQL: of both together one core gives
    so many a second.
    """
    visitors = prepare(seed)
    queries = {name: asked(visitor) for name, visitor in visitors.items()}
    fixtures.close_connections()
    costs = measure(ground, visitors)
    bare = costs.pop("bare")
    ratios = {name: bare / cost for name, cost in costs.items()}
    worst = max(costs, key=costs.__getitem__)
    return [
        Target("pages_ratio_min", min(ratios.values()), "x", must=0.25, goal=0.8),
        *_against(costs, seed),
        Target("queries_most", max(queries.values()), "queries", must=MOST_QUERIES, sense="<="),
        Target("bare_retrieve_ms", bare * 1000, "ms"),
        Target("worst_ms", costs[worst] * 1000, "ms"),
        *(Target(f"{name}_ratio", ratio, "x", must=0.25, goal=0.8) for name, ratio in ratios.items()),
        *(Target(f"{name}_ms", cost * 1000, "ms") for name, cost in costs.items()),
        *(
            Target(f"{name}_queries", number, "queries", must=PAGES[name].queries, sense="<=")
            for name, number in queries.items()
        ),
    ]


def prepare(seed: int) -> dict[str, Visitor]:
    """Generate the ten years; return who asks for which page."""
    chance = random.Random(seed)  # noqa: S311 - data of a bench
    with fixtures.shared_tables():
        filled = province.fill(chance)
        fixtures.build_schemas([filled.institutions[0]])
        people = school.fill(filled, chance)
        fixtures.analyse()
    cookies = asdict(people) | {"": ""}
    hosts = {False: school.house_host(), True: f"{filled.institutions[0].slug}.{school.house_host()}"}
    year = fixtures.now().year - 1
    return {
        name: Visitor(page.path.format(year=year), hosts[page.at_school], cookies[page.who])
        for name, page in PAGES.items()
    }


def asked(visitor: Visitor) -> int:
    """Return how many queries a page asks, once what a process learns at its first request is known."""
    client = Client(headers={"host": f"{visitor.host}:80", "cookie": visitor.cookie})
    client.get(visitor.path)
    with CaptureQueriesContext(connection) as taken:
        answer = client.get(visitor.path)
    if answer.status_code != 200:
        raise StackError(f"{visitor.path} answers {answer.status_code} in the bench.")
    return len(taken.captured_queries)


def measure(ground: BenchDatabase, visitors: Mapping[str, Visitor], *, bare: bool = True) -> dict[str, float]:
    """Return the processor seconds of a request of each page and of the `bare` baseline: medians of several legs."""
    taken: dict[str, list[float]] = {}
    with ExitStack() as running:
        serve: dict[str, Any] = {"logs": ground.logs, "host": ground.host, "path": HEALTH}
        pages = running.enter_context(servers.serving("pages", servers.live(), **serve))
        legs = [(name, pages, visitor) for name, visitor in visitors.items()]
        if bare:
            drf = running.enter_context(servers.serving("bare", servers.live(DRF), **serve))
            one = Visitor(BARE, next(visitor.host for visitor in visitors.values() if visitor.host != ground.host))
            legs = [part for n, leg in enumerate(legs) for part in ([("bare", drf, one)] * (n % 4 == 0) + [leg])]
        for _round in range(ROUNDS):
            for name, server, visitor in legs:
                taken.setdefault(name, []).append(_leg(ground, server, visitor))
    return {name: median(found) for name, found in taken.items()}


def _leg(ground: BenchDatabase, server: Server, visitor: Visitor) -> float:
    """Return the processor seconds of one request, in the server and in the database, over a stretch of one caller."""
    calls = http.client.HTTPConnection(LOOPBACK, server.port, timeout=60)
    try:
        visitor.call(calls)
        answered, used, until = 0, server.processor_seconds() + ground.processor_seconds(), time.monotonic() + SECONDS
        while answered < FEWEST or time.monotonic() < until:
            visitor.call(calls)
            answered += 1
        return (server.processor_seconds() + ground.processor_seconds() - used) / answered
    finally:
        calls.close()


def _against(costs: Mapping[str, float], seed: int) -> list[Target]:
    """Return how the slowest page does beside the slowest of another revision, on the same data and machine."""
    root = os.environ.get(AGAINST)
    name, unit = "worst_against_today", "x"
    if not root:
        why = f"{AGAINST} names no checkout of another revision"
        return [Target(name, None, unit, must=0.1, sense="<=", why=why)]
    theirs = elsewhere.costs(Path(root), seed)
    ratios = {page: cost / theirs[page] for page, cost in costs.items() if page in theirs}
    return [
        Target(name, max(costs.values()) / max(theirs.values()), unit, must=0.1, sense="<="),
        *(Target(f"{page}_against_today", ratio, unit, sense="<=") for page, ratio in ratios.items()),
        *(Target(f"{page}_today_ms", cost * 1000, "ms") for page, cost in theirs.items()),
    ]
