"""`requests`: the cost of an institution's host beside the platform's, and the gain of the deployed shape."""

import asyncio
from collections.abc import Sequence
from statistics import median

from infra.bench import fixtures, load, servers
from infra.bench.database import BenchDatabase
from infra.bench.load import Script
from infra.bench.report import Target, ratio
from infra.bench.servers import Server

PATH = "/healthz"
CALLERS = 20
ROUNDS = 3
SECONDS = 2.0
WARM = 0.7


class Visitor:
    """Somebody who asks for the same page again and again."""

    def __init__(self, host: str) -> None:
        self._host = host

    def request(self, port: int) -> bytes:
        """Return the request."""
        return f"GET {PATH} HTTP/1.1\r\nhost: {self._host}:{port}\r\n\r\n".encode()

    def on_response(self) -> None:
        """Nothing is kept."""


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Measure GET /healthz (host, session, language, actor, rule and one query) in interleaved legs."""
    with fixtures.shared_tables():
        listed = fixtures.institutions(10)
        fixtures.build_schemas(listed)
        fixtures.analyse()
    platform: Sequence[Script] = [Visitor(database.host) for _n in range(CALLERS)]
    tenants: Sequence[Script] = [Visitor(f"{listed[n % 10].slug}.{database.host}") for n in range(CALLERS)]
    with (
        servers.serving(
            "web", servers.web(), logs=database.logs, host=database.host, path=PATH, env={"NUOXING_SHAPE": "web"}
        ) as web,
        servers.serving("embedded", servers.live(), logs=database.logs, host=database.host, path=PATH) as embedded,
    ):
        rounds = [
            (_measured(web, platform), _measured(web, tenants), _measured(embedded, tenants)) for _n in range(ROUNDS)
        ]
    hosts = ratio([(ours[0], theirs[0]) for ours, theirs, _asgi in rounds])
    shapes = ratio([(wsgi[0], asgi[0]) for _platform, wsgi, asgi in rounds])
    processor = ratio([(asgi[1], wsgi[1]) for _platform, wsgi, asgi in rounds])
    return [
        Target("platform_over_institution", hosts, "x", must=1.5, goal=1.15, sense="<="),
        Target("granian_over_uvicorn", shapes, "x", must=1.5, goal=2.5),
        Target("uvicorn_over_granian_processor", processor, "x"),
        Target("institution_requests", median(wsgi[0] for _platform, wsgi, _asgi in rounds), "1/s"),
        Target("institution_processor", median(wsgi[1] for _platform, wsgi, _asgi in rounds), "us/request"),
    ]


def _measured(server: Server, scripts: Sequence[Script]) -> tuple[float, float]:
    """Return the requests a second, and the microseconds of processor that the server used for one."""
    used = server.processor_seconds()
    tally = asyncio.run(load.run_load(server.port, scripts, seconds=SECONDS, warm=WARM))
    share = SECONDS / (SECONDS + WARM)  # the server worked through the warming up too
    return tally.rate, (server.processor_seconds() - used) * share / max(tally.response_count, 1) * 1e6
