"""A deployment while tests are sat: paced candidates at the real gateway, and all schemas migrated beneath them."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
from psycopg import sql

from infra.bench import (
    candidates,  # sets Django up, which what follows needs
    fixtures,  # sets Django up, which what follows needs
    load,  # sets Django up, which what follows needs
    servers,  # sets Django up, which what follows needs
)
from infra.bench.candidates import Candidate
from infra.bench.database import BenchDatabase
from infra.bench.load import Script, Tally
from infra.bench.report import Target, ratio
from infra.bench.servers import Server
from kernel.db.schemas.migrating import Migrator, Outcome
from shared.institutions.models import Institution

EACH = 30
EVERY = 1.0
SECONDS = 12.0
CALLERS, ROUNDS, SECONDS_EACH = 4, 5, 2.0
PAGE = "/"


def during_a_test(database: BenchDatabase, sitting: Sequence[str], others: Sequence[str], seed: int) -> list[Target]:
    """Let candidates in `sitting` answer once a second while first `others`, then theirs, are migrated; count."""
    rows = list(Institution.objects.filter(schema_name__in=sitting).order_by("pk"))
    seated = candidates.seat(rows, EACH)
    live = {"NUOXING_SHAPE": "live"}
    with (
        servers.serving(
            "live", servers.live(), logs=database.logs, host=seated[0].host, path="/healthz", env=live
        ) as one,
        ThreadPoolExecutor(1) as executor,
    ):
        answering = executor.submit(_answer, one, seated, seed)
        outcomes = Migrator().run([*others, *sitting])
        tally = answering.result()
    return targets(tally, outcomes, lost=lost_answers(database.url, seated), acked=sum(one.acked for one in seated))


def _answer(server: Server, seated: Sequence[Candidate], seed: int) -> Tally:
    return asyncio.run(load.run_load(server.port, seated, seconds=SECONDS, warm=0.5, every=EVERY, seed=seed))


def targets(tally: Tally, outcomes: Sequence[Outcome], *, lost: int, acked: int) -> list[Target]:
    """Return the figures of a deployment under a test."""
    failed = sum(one.status == "failed" for one in outcomes)
    return [
        Target("deployment_lost", lost, "answers", must=0, goal=0, sense="<="),
        Target("deployment_failed", failed, "schemas", must=0, goal=0, sense="<="),
        Target("deployment_acknowledged", acked, "answers"),
        Target("deployment_longest_pause_ms", max(tally.waits, default=0.0) * 1000, "ms"),
        Target("deployment_p99_ms", tally.percentile_ms(99), "ms"),
        Target("deployment_schemas", len(outcomes), "schemas"),
    ]


def lost_answers(url: str, seated: Sequence[Candidate]) -> int:
    """Return how many acknowledged answers are not in the database."""
    missing = 0
    with psycopg.connect(url) as connection:
        for schema in sorted({one.schema for one in seated}):
            query = sql.SQL("SELECT attempt_id, seq FROM {}").format(sql.Identifier(schema, "attempts_answerlog"))
            saved = set(connection.execute(query).fetchall())
            own = [one for one in seated if one.schema == schema]
            missing += sum((one.attempt_id, seq) not in saved for one in own for seq in range(1, one.acked + 1))
    return missing


class Reader:
    """Somebody who reads an institution's first page again and again."""

    def __init__(self, host: str) -> None:
        self._host = host

    def request(self, port: int) -> bytes:
        """Return the request."""
        return f"GET {PAGE} HTTP/1.1\r\nhost: {self._host}:{port}\r\n\r\n".encode()

    def on_response(self) -> None:
        """Nothing is kept."""


def slowdown(one: Server, other: Server, hosts: Sequence[str]) -> float:
    """Return how much longer a page takes at one server than at the other, in interleaved legs."""
    readers: Sequence[Script] = [Reader(hosts[n % len(hosts)]) for n in range(CALLERS)]

    def rate(server: Server) -> float:
        return asyncio.run(load.run_load(server.port, readers, seconds=SECONDS_EACH, warm=0.5)).rate

    fixtures.close_connections()
    return ratio([(rate(other), rate(one)) for _n in range(ROUNDS)])
