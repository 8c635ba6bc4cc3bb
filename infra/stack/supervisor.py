"""`./nuoxing up`: one process in the foreground that starts the stack, looks after it, and stops it."""

import importlib.util
import os
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from infra.stack import environment, health, locking, orphans, ports, processes, record
from infra.stack.children import Child, spawner
from infra.stack.digests import Stamp
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.preparation import Preparation
from infra.stack.progress import Interrupted, StackError, say, step, stop_requested
from infra.stack.record import Part, Run

PAGES_SECONDS = 90.0
EXITS_AT_START = 4
LARGEST_LOG = 20_000_000
TICK = 0.2


@dataclass(frozen=True, slots=True)
class UpOptions:
    """Options of `up`."""

    demo: bool = False
    port: int = 8000


class Supervisor:
    """One run of the stack. Everything it starts is in run.json before anything else happens."""

    def __init__(self, paths: Paths, options: UpOptions) -> None:
        self.paths = paths
        self.options = options
        self.run = Run()
        self.children: list[Child] = []
        self.cluster: Cluster | None = None
        self._users: IO[str] | None = None
        self._hurry_from = 0.0

    def up(self) -> int:
        """Start, stay until asked to stop, stop. Status 0 after an orderly stop, 1 when it could not start."""
        status = 0
        try:
            self._start()
            self._stay()
        except Interrupted:
            pass
        except StackError as error:
            say(f"\n{error}", to_stderr=True)
            status = 1
        finally:
            self._stop()
        return status

    def _start(self) -> None:
        began = time.monotonic()
        before = record.read(self.paths.run_record)
        self.run = Run(
            supervisor=_myself(), phase="starting", demo=self.options.demo,
            host=os.environ.get("NUOXING_HOST") or record.HOST,
        )  # fmt: skip
        self._clean_up_after(before)
        web_port = self._port()
        fakes_port = ports.reserve(before.fakes_port) or ports.reserve_near(0)
        self.run.port, self.run.fakes_port = web_port.port, fakes_port.port
        self._note()
        url = self._find_database()
        env = environment.for_trying_out(
            environment.for_stack(self.paths, replace(self.run, database_url=url)), self.run
        )
        with closing(Preparation(self.paths, env)) as preparation:
            if self.options.demo:
                preparation.begin()
                preparation.require_demonstration()
            self._start_postgres()
            self.run.database_url = url  # others may use it from now on
            self._note()
            new = preparation.database()
            preparation.static_files()
            self._start_web(env)
            preparation.migrate(self._stamp("migrated", new=new))
            fakes_port.release()
            if self.options.demo:
                self._start_fakes(env)
                preparation.demonstration()
            else:
                preparation.policy_packs(self._stamp("packs", new=new))
            web_port.release()
            self.paths.gate.touch()
            self._start_worker(env)
            self._wait_for_pages()
            self.run.phase = "running"
            self._note()
            self._announce(preparation, time.monotonic() - began)

    def _clean_up_after(self, before: Run) -> None:
        names = orphans.left_by(before, self.paths)
        if names:
            with step(f"ending what a killed supervisor left: {', '.join(names)}"):
                orphans.end(before, self.paths)

    def _port(self) -> ports.Reservation:
        preferred = self.options.port
        reservation = ports.reserve_near(preferred)
        if reservation.port != preferred:
            say(f"  ---- port {preferred} is taken by another program; Nuoxing uses {reservation.port} instead")
        return reservation

    def _find_database(self) -> str:
        """Return where the database is, or will be."""
        outside = os.environ.get("DATABASE_URL")
        if outside:
            return outside
        self.cluster = Cluster(self.paths.cluster, venv=self.paths.venv, small=True)
        return self.cluster.url(environment.DATABASE)

    def _start_postgres(self) -> None:
        cluster = self.cluster
        if cluster is None:
            return
        self._users = locking.lock(
            cluster.home / "users.lock",
            waiting=lambda: say("  .... another command (manage, perhaps) uses the database; waiting for it to end"),
        )
        first = cluster.major is None
        with step("PostgreSQL: first start, makes its data folder" if first else "PostgreSQL"):
            cluster.prepare()
            cluster.stop_leftover()
            child = Child(
                orphans.DATABASE, cluster.spawn, mark=str(self.paths.state), stop_signal=signal.SIGINT, grace=30.0
            )
            self._add(child)
            self._wait(cluster.is_ready, child, seconds=60.0, error_message=self._postgres_error)

    def _postgres_error(self) -> str:
        assert self.cluster
        return f"PostgreSQL did not start. Its log, {self.cluster.log}, ends with:\n{self.cluster.log_tail()}"

    def _stamp(self, name: str, *, new: bool) -> Stamp | None:
        """Beside the data folder, so that it goes with it; somebody else's database is asked every time."""
        if self.cluster is None:
            return None
        stamp = Stamp(self.cluster.base / f"{name}.stamp")
        if new:
            stamp.clear()
        return stamp

    def _start_fakes(self, env: dict[str, str]) -> None:
        if importlib.util.find_spec("infra.fakes") is None:
            say("  ---- no stand-ins for Stripe and the ministry yet (no module infra.fakes)")
            return
        self._add(self._child("fakes", ["-m", "infra.fakes", "--port", str(self.run.fakes_port)], env, grace=5.0))

    def _start_web(self, env: dict[str, str]) -> None:
        """Start the pages, which listen when the gate is open; until then they get ready, beside the migrations."""
        self.paths.gate.unlink(missing_ok=True)
        arguments = ["-m", "infra.stack.serving", "--port", str(self.run.port), "--gate", str(self.paths.gate)]
        self._add(self._child("web", arguments, env, grace=12.0))

    def _start_worker(self, env: dict[str, str]) -> None:
        beat = self.paths.state / "beat"
        beat.mkdir(exist_ok=True)
        self._add(self._child("worker", worker_arguments(beat / "schedule"), env, grace=20.0))

    def _child(self, name: str, arguments: list[str], env: dict[str, str], *, grace: float) -> Child:
        spawn = spawner(
            [self.paths.python, *arguments],
            env=environment.with_mark(env, self.paths),
            cwd=self.paths.root,
            log=self.paths.logs / f"{name}.log",
        )
        return Child(name, spawn, mark=str(self.paths.state), grace=grace)

    def _add(self, child: Child) -> None:
        self.children.append(child)
        child.start()
        self._note()

    def _wait_for_pages(self) -> None:
        web = next(child for child in self.children if child.name == "web")

        def error_message() -> str:
            log = self.paths.logs / "web.log"
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
            return f"The pages do not answer. {log} ends with:\n{tail}"

        with step("pages"):
            self._wait(
                lambda: health.pages(self.run.port, self.run.host).ok,
                web,
                seconds=PAGES_SECONDS,
                error_message=error_message,
            )

    def _wait(
        self, ready: Callable[[], bool], child: Child, *, seconds: float, error_message: Callable[[], str]
    ) -> None:
        until = time.monotonic() + seconds
        while not ready():
            if stop_requested.is_set():
                raise Interrupted
            if time.monotonic() > until or child.exits >= EXITS_AT_START:
                raise StackError(error_message())
            self._restart_exited()
            time.sleep(0.05)

    def _restart_exited(self) -> None:
        started = [child.restart_if_due() for child in self.children]
        if any(started):
            self._note()

    def _stay(self) -> None:
        ticks = 0
        while not stop_requested.is_set():
            self._restart_exited()
            ticks += 1
            if ticks % 300 == 0:
                self._keep_logs_small()
            time.sleep(TICK)

    def _keep_logs_small(self) -> None:
        """Children append to their logs, so a log can be emptied under them; one older part is kept."""
        server = [self.cluster.log] if self.cluster else []
        for log in [*self.paths.logs.glob("*.log"), *server]:
            if log.stat().st_size > LARGEST_LOG:
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)

    def _announce(self, preparation: Preparation, seconds: float) -> None:
        say(f"\nNuoxing runs at {self.run.address}  (ready in {seconds:.1f} s)")
        if self.options.demo:
            table = preparation.sign_ins()
            if table:
                say(f"\n{table}\n")
        say("Ctrl-C stops it. From another terminal: ./nuoxing status, logs, down.")

    def _stop(self) -> None:
        if self.run.phase == "stopped":
            return
        say("\nStopping ...")
        began = time.monotonic()
        self.run.phase = "stopping"
        self._note()
        stop_requested.clear()
        others = [child for child in self.children if child.name != orphans.DATABASE]
        for children in (others, [child for child in self.children if child not in others]):
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.finish(hurry=stop_requested.is_set if child in others else lambda: False)
        self.run.phase = "stopped"
        self.run.supervisor = None
        self._note()
        if self._users:
            self._users.close()
        say(f"Stopped in {time.monotonic() - began:.1f} s; nothing was left running.")

    def _note(self) -> None:
        self.run.parts = {child.name: child.part for child in self.children if child.part}
        self.run.write(self.paths.run_record)


def worker_arguments(schedule: Path) -> list[str]:
    """The worker's command: tasks and beat as threads of one process; `schedule` is beat's file."""
    return [
        "-m", "celery", "-A", "config.celery", "worker", "--loglevel", "INFO", "--pool", "threads",
        "--concurrency", "2", "--without-gossip", "--without-mingle", "--beat-thread", str(schedule),
    ]  # fmt: skip


def _myself() -> Part:
    me = processes.identify(os.getpid())
    assert me
    return Part(me.pid, me.started, grace=60.0)
