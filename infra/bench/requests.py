"""`requests`: what an institution's host costs beside the platform's, and what the deployed shape gains."""

import asyncio
from collections.abc import Sequence

from infra.bench import house, load, servers
from infra.bench.ground import Ground
from infra.bench.load import Script
from infra.bench.report import Target, ratio

PATH = "/healthz"
CALLERS = 20
ROUNDS = 3
SECONDS = 2.0


class Visitor:
    """Somebody who asks for the same page again and again."""

    def __init__(self, host: str) -> None:
        self._host = host

    def request(self, port: int) -> bytes:
        """Return the request."""
        return f"GET {PATH} HTTP/1.1\r\nhost: {self._host}:{port}\r\n\r\n".encode()

    def answered(self) -> None:
        """Nothing is kept."""


def run(ground: Ground, seed: int) -> list[Target]:
    """Measure GET /healthz (host, session, language, actor, rule and one query) in interleaved legs."""
    with house.shared_tables():
        listed = house.institutions(10)
        house.build_schemas(listed)
        house.analyse()
    platform: Sequence[Script] = [Visitor(ground.host) for _n in range(CALLERS)]
    tenants: Sequence[Script] = [Visitor(f"{listed[n % 10].slug}.{ground.host}") for n in range(CALLERS)]
    with (
        servers.serving(
            "web", servers.web(), logs=ground.logs, host=ground.host, path=PATH, env={"NUOXING_SHAPE": "web"}
        ) as web,
        servers.serving("embedded", servers.live(), logs=ground.logs, host=ground.host, path=PATH) as embedded,
    ):
        rounds = [
            (_rate(web.port, platform), _rate(web.port, tenants), _rate(embedded.port, tenants)) for _n in range(ROUNDS)
        ]
    hosts = ratio([(ours, theirs) for ours, theirs, _asgi in rounds])
    shapes = ratio([(wsgi, asgi) for _platform, wsgi, asgi in rounds])
    best = sorted(wsgi for _platform, wsgi, _asgi in rounds)[ROUNDS // 2]
    return [
        Target("platform_over_institution", hosts, "x", must=1.5, goal=1.15, sense="<="),
        Target("granian_over_uvicorn", shapes, "x", must=1.5, goal=2.5),
        Target("institution_requests", best, "1/s"),
    ]


def _rate(port: int, scripts: Sequence[Script]) -> float:
    return asyncio.run(load.calling(port, scripts, seconds=SECONDS)).rate
