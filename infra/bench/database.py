"""The bench's own database on a PostgreSQL of its own, and the environment of its processes.

Only the stack's modules are used here, so that the environment is whole before Django reads it.
"""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.stack import environment, locking, paths, processes
from infra.stack.database import make_database
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.progress import StackError, say
from infra.stack.record import HOST, Run

STOP_SECONDS = 20.0


class BenchDatabase:
    """The database of one bench, and how it is stopped and started when it is our own."""

    def __init__(self, bench: str, state: Paths, url: str, cluster: Cluster | None) -> None:
        self.bench = bench
        self.state = state
        self.url = url
        self.host = HOST
        self._cluster = cluster
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def logs(self) -> Path:
        """Return where the servers write."""
        return self.state.logs

    @property
    def can_crash(self) -> bool:
        """Say whether the server is ours to stop."""
        return self._cluster is not None

    def program(self, name: str) -> Path | None:
        """Return one of PostgreSQL's programs that fits our own server; None where the server is somebody else's."""
        path = self._cluster.binaries.folder / name if self._cluster else None
        return path if path and path.exists() else None

    def processor_seconds(self) -> float:
        """Return the processor time that our PostgreSQL has used, with ended backends; 0 of somebody else's."""
        who = self._cluster.postmaster() if self._cluster else None
        return processes.family_seconds(who.pid) if who else 0.0

    def crash(self) -> None:
        """Stop PostgreSQL as `pg_ctl stop -m immediate` does: the next start has to play its log back."""
        assert self._cluster is not None
        who = self._cluster.postmaster()
        assert who is not None
        processes.send([who], signal.SIGQUIT)
        until = time.monotonic() + STOP_SECONDS
        while processes.is_alive(who):
            if time.monotonic() > until:
                raise StackError("PostgreSQL did not stop at once.")
            time.sleep(0.02)

    def restart(self) -> None:
        """Start PostgreSQL after a crash and wait until it takes connections."""
        assert self._cluster is not None
        self._children.append(self._cluster.start())

    def reap(self) -> None:
        """Take the exit status of servers that were started again and have been stopped since."""
        for child in self._children:
            child.wait(timeout=STOP_SECONDS)


def state_folder() -> Paths:
    """Return where benches keep their state: a folder of theirs within the stack's."""
    given = os.environ.get("NUOXING_STATE")
    state = Paths(paths.ROOT, Path(given).resolve()) if given else paths.here().within("bench")
    state.make_state()
    return state


@contextmanager
def bench_database(bench: str) -> Iterator[BenchDatabase]:
    """Have a database for one bench, empty at the beginning and gone at the end; one bench at a time.

    DATABASE_URL names a server to use instead of our own; its database is left alone, ours lies beside it.
    """
    state = state_folder()
    with ExitStack() as stack:
        stack.enter_context(locking.locked(state.state / "bench.lock", waiting=_say_waiting))
        server_url = os.environ.get("DATABASE_URL")
        cluster = None if server_url else Cluster(state.cluster, venv=state.venv)
        database = BenchDatabase(bench, state, "", cluster)
        stack.callback(database.reap)
        if cluster:
            stack.enter_context(cluster.running())
        url = _sibling_url(server_url, bench) if server_url else _url_of(cluster, bench)
        _drop(url)
        make_database(url)
        stack.callback(_drop, url)
        database.url = url
        _prepare_environment(state, url)
        yield database


def _url_of(cluster: Cluster | None, bench: str) -> str:
    assert cluster is not None
    return cluster.url(f"bench_{bench}")


def _sibling_url(url: str, bench: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path or '/nuoxing'}_bench_{bench}"))


def _drop(url: str) -> None:
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        # Roles outlive their database; theirs begin with a hash of its name (kernel.db.roles).
        prefix = f"nx_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [prefix]).fetchall()
        for (role,) in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _prepare_environment(state: Paths, url: str) -> None:
    """Let this process and its children see the bench's database, no demonstration, no broker, no payment service."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("STRIPE_", "REDIS_URL"))}
    env = environment.for_stack(state, Run(port=8000, database_url=url), inherited)
    env |= {"NUOXING_DEMO": "0", "NUOXING_DEMO_CLOCK": "0", "NUOXING_DEBUG": "0", "NUOXING_STATE": str(state.state)}
    env |= {"NUOXING_HOST": HOST, "NUOXING_SCHEME": "http"}
    os.environ.clear()
    os.environ.update(env)


def _say_waiting() -> None:
    say("  .... another bench runs in this checkout; waiting for it", to_stderr=True)
