"""`answers`: saves of answers that were committed and then acknowledged, through the whole HTTP stack.

Closed loop: each candidate sends the next answer when the last is acknowledged. The gateway runs under uvicorn, the
baseline (infra.bench.drf) under granian, pgbench beside them; all on one machine with the callers.
"""

import asyncio
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psycopg
from psycopg import sql

from infra.bench import candidates, fixtures, load, servers
from infra.bench.candidates import Candidate
from infra.bench.database import BenchDatabase
from infra.bench.load import Tally
from infra.bench.pgbench import PgBench
from infra.bench.report import Target, ratio
from infra.bench.servers import Server

INSTITUTIONS = 10
CLOSED, PACED = 500, 2000
ROUNDS = 3
SECONDS = 3.0
PGBENCH_SECONDS = 2
PACED_SECONDS = 6.0
CRASH_AFTER, CRASH_SECONDS = 2.0, 6.0
BASELINE = "infra.bench.drf.wsgi:application"
NOT_OURS = "the server of DATABASE_URL is not ours to stop or to measure"


@dataclass(frozen=True, slots=True)
class Sample:
    """One round: gateway, baseline and floor, one right after the other."""

    gateway: Tally
    gateway_cpu_us: float
    drf: Tally
    drf_cpu_us: float
    pgbench: float | None


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Measure, crash, count."""
    _allow_files(2 * PACED + 500)
    with fixtures.shared_tables():
        rows = fixtures.institutions(INSTITUTIONS)
        fixtures.build_schemas(rows)
        seated = candidates.seat(rows, PACED // INSTITUTIONS)
        fixtures.analyse()
    host = seated[0].host
    baseline = {"DJANGO_SETTINGS_MODULE": "infra.bench.drf.settings", "NUOXING_SHAPE": "web"}
    live = {"NUOXING_SHAPE": "live"}
    with servers.serving("live", servers.live(), logs=database.logs, host=host, path="/healthz", env=live) as gateway:
        with servers.serving(
            "drf", servers.web(BASELINE), logs=database.logs, host=host, path="/healthz", env=baseline
        ) as drf:
            samples = _rounds(database, gateway, drf, seated[:CLOSED])
        paced = asyncio.run(load.run_load(gateway.port, seated, seconds=PACED_SECONDS, every=1.0, seed=seed))
        recovery = asyncio.run(_crash(database, gateway, seated[:CLOSED])) if database.can_crash else None
    return [*_speeds(samples), *_paced(paced), *_durability(database, seated, recovery)]


def _allow_files(number: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))


def _rounds(database: BenchDatabase, gateway: Server, drf: Server, scripts: Sequence[Candidate]) -> list[Sample]:
    program = database.program("pgbench")
    pgbench = (
        PgBench(program, database.url, f"{scripts[0].schema}.attempts_answerlog", database.logs) if program else None
    )
    clients = pgbench.best_concurrency(1) if pgbench else 0
    return [
        Sample(
            *_measured(gateway, scripts),
            *_measured(drf, scripts, warm=1.5),
            pgbench.rate(clients, PGBENCH_SECONDS) if pgbench else None,
        )
        for _n in range(ROUNDS)
    ]


def _measured(server: Server, scripts: Sequence[Candidate], *, warm: float = 0.7) -> tuple[Tally, float]:
    """Return what came back, and the microseconds of processor that the server used for a save (PostgreSQL's apart)."""
    used, acked = server.processor_seconds(), sum(one.acked for one in scripts)
    tally = asyncio.run(load.run_load(server.port, scripts, seconds=SECONDS, warm=warm))
    saves = sum(one.acked for one in scripts) - acked
    return tally, (server.processor_seconds() - used) / max(saves, 1) * 1e6


def _speeds(samples: Sequence[Sample]) -> list[Target]:
    appends = [(sample.gateway.rate, sample.pgbench) for sample in samples if sample.pgbench is not None]
    return [
        Target(
            "drf_ratio", ratio([(sample.gateway.rate, sample.drf.rate) for sample in samples]), "x", must=12, goal=25
        ),
        Target("pgbench_ratio", ratio(appends) if appends else None, "x", must=0.5, goal=1.0, why=NOT_OURS),
        Target("gateway_saves", median(sample.gateway.rate for sample in samples), "1/s"),
        Target("gateway_p99_ms", median(sample.gateway.percentile_ms(99) for sample in samples), "ms"),
        Target("gateway_processor", median(sample.gateway_cpu_us for sample in samples), "us/save"),
        Target("drf_processor", median(sample.drf_cpu_us for sample in samples), "us/save"),
        Target("drf_saves", median(sample.drf.rate for sample in samples), "1/s"),
        Target(
            "pgbench_appends", median(pgbench for _rate, pgbench in appends) if appends else None, "1/s", why=NOT_OURS
        ),
    ]


def _paced(tally: Tally) -> list[Target]:
    return [
        Target("paced_p99_ms", tally.percentile_ms(99), "ms", must=200, goal=40, sense="<="),
        Target("paced_p50_ms", tally.percentile_ms(50), "ms"),
        Target("paced_saves", tally.rate, "1/s"),
    ]


async def _crash(database: BenchDatabase, gateway: Server, scripts: Sequence[Candidate]) -> float:
    """Crash PostgreSQL under load and start it again; return the seconds until it took connections again."""
    loop = asyncio.get_running_loop()
    calls = asyncio.create_task(load.run_load(gateway.port, scripts, seconds=CRASH_SECONDS))
    await asyncio.sleep(CRASH_AFTER)
    await asyncio.to_thread(database.crash)
    began = loop.time()
    await asyncio.to_thread(database.restart)
    seconds = loop.time() - began
    await calls
    return seconds


def _durability(database: BenchDatabase, seated: Sequence[Candidate], recovery: float | None) -> list[Target]:
    """Count in the database: every acknowledged answer, none twice, and every room's events without a gap."""
    lost = twice = gaps = 0
    with psycopg.connect(database.url) as connection:
        for schema in sorted({one.schema for one in seated}):
            rows = sql.SQL("SELECT attempt_id, seq FROM {}").format(sql.Identifier(schema, "attempts_answerlog"))
            rows_saved = connection.execute(rows).fetchall()
            saved = set(rows_saved)
            twice += len(rows_saved) - len(saved)
            own = [one for one in seated if one.schema == schema]
            lost += sum((one.attempt_id, seq) not in saved for one in own for seq in range(1, one.acked + 1))
            short = sql.SQL("SELECT n - (SELECT count(*) FROM {} e WHERE e.sitting_id = h.sitting_id) FROM {} h")
            names = sql.Identifier(schema, "sittings_sittingevent"), sql.Identifier(schema, "sittings_sittinghead")
            gaps += sum(abs(row[0]) for row in connection.execute(short.format(*names)))
    crashed = recovery is not None
    return [
        Target("lost", lost if crashed else None, "answers", must=0, goal=0, sense="<=", why=NOT_OURS),
        Target("duplicated", twice if crashed else None, "answers", must=0, goal=0, sense="<=", why=NOT_OURS),
        Target("event_gaps", gaps if crashed else None, "events", must=0, goal=0, sense="<=", why=NOT_OURS),
        Target("acknowledged", sum(one.acked for one in seated), "answers"),
        Target("recovery", recovery, "s", why=NOT_OURS),
    ]
