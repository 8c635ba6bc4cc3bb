"""pgbench as a baseline: single-row appends a second that PostgreSQL commits with no program before it."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from infra.stack.progress import StackError

CONCURRENCY = (1, 4, 16, 64)
APPEND = """\\set n :n + 1
INSERT INTO pgbench.answers (attempt_id, seq, epoch, question, choice, client_at, server_at)
VALUES (lpad(to_hex(:client_id::int), 32, '0')::uuid, :n, 1, '12', 'B', now(), now());
"""
_RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class PgBench:
    """A table like the answer log, and pgbench that appends to it."""

    def __init__(self, program: Path, url: str, log_table: str, scripts: Path) -> None:
        """Make the table as `log_table` ("schema.table") is."""
        self._program = program
        self._url = url
        self._script = scripts / "pgbench.sql"
        self._script.write_text(APPEND, encoding="ascii")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE SCHEMA pgbench")
            connection.execute(f"CREATE TABLE pgbench.answers (LIKE {log_table} INCLUDING ALL)".encode())

    def rate(self, clients: int, seconds: int) -> float:
        """Return the appends a second, each committed on its own, that so many connections reach."""
        with psycopg.connect(self._url) as connection:
            connection.execute("TRUNCATE pgbench.answers")
        parts = conninfo_to_dict(self._url)
        argv = [
            str(self._program), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-T",
            str(seconds), "-D", "n=0", "-f", str(self._script), "-h", str(parts["host"]), "-U", str(parts["user"]),
            str(parts["dbname"]),
        ]  # fmt: skip
        process = subprocess.run(argv, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]})
        match = _RATE.search(process.stdout)
        if process.returncode or match is None:
            raise StackError(f"pgbench failed: {process.stderr.strip()[-400:]}")
        return float(match[1])

    def best_concurrency(self, seconds: int) -> int:
        """Return how many connections append the most."""
        return max(CONCURRENCY, key=lambda clients: self.rate(clients, seconds))
