"""Store of the stand-ins in one SQLite file: a killed process loses nothing that it had answered."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (kind TEXT, id TEXT, n INTEGER, body TEXT, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS thing_order ON thing (kind, n);
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, digest TEXT, status INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS delivery
    (n INTEGER PRIMARY KEY, event TEXT, due REAL, attempts INTEGER DEFAULT 0, done REAL, result TEXT);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, last INTEGER);
CREATE TABLE IF NOT EXISTS flag (name TEXT PRIMARY KEY, value TEXT);
"""

FLAGS: dict[str, Any] = {
    "ministry_delay_seconds": 1,  # how long the ministry thinks before it answers a question
    "ministry_refuses": "",  # the reason with which it refuses everything that is sent to it now
    "disorder": {},  # how each outside system misbehaves: {"ministry": {…}}, see infra.fakes.systems.DEFAULT_BEHAVIOUR
    "ministry_repeats": 0,  # how many times more it sends each call-back
    "async_seconds": 2,  # how long Alipay and WeChat Pay take after the page has gone
    "webhook_repeats": 0,  # how many times more each event of Stripe is delivered
    "webhook_reorders": False,  # whether every second event waits until the next has gone
}


class Store:
    """One file, one connection, one process."""

    def __init__(self, folder: Path | None) -> None:
        """Open (or make) the file; None keeps everything in memory."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        where = ":memory:" if folder is None else str(folder / "fakes.sqlite3")
        self._db = sqlite3.connect(where, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is enclosed, or nothing of it."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- things --------------------------------------------------------------------------------------

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        """Keep a thing; a known one is replaced where it stands."""
        raw = json.dumps(body, ensure_ascii=False)
        with self.transaction():
            changed = self._db.execute("UPDATE thing SET body = ? WHERE kind = ? AND id = ?", (raw, kind, key)).rowcount
            if not changed:
                self._db.execute("INSERT INTO thing VALUES (?, ?, ?, ?)", (kind, key, self.next(f"thing:{kind}"), raw))

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return a thing, None where there is none."""
        row = self._db.execute("SELECT body FROM thing WHERE kind = ? AND id = ?", (kind, key)).fetchone()
        return json.loads(row[0]) if row else None

    def newest(self, kind: str, limit: int = 100) -> list[dict[str, Any]]:
        """Return the newest things of a kind."""
        rows = self._db.execute("SELECT body FROM thing WHERE kind = ? ORDER BY n DESC LIMIT ?", (kind, limit))
        return [json.loads(row[0]) for row in rows]

    def next(self, name: str) -> int:
        """Return the next number of a series."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1", (name,)
            )
            return int(self._db.execute("SELECT last FROM counter WHERE name = ?", (name,)).fetchone()[0])

    # --- answers under an idempotency key ----------------------------------------------------------------

    def saved_answer(self, key: str) -> tuple[str, int, Any] | None:
        """Return (digest of the request, status, body) of the answer that was given under a key."""
        row = self._db.execute("SELECT digest, status, body FROM answer WHERE key = ?", (key,)).fetchone()
        return (row[0], row[1], json.loads(row[2])) if row else None

    def remember(self, key: str, digest: str, status: int, body: Any) -> None:
        """Keep the answer given under a key."""
        raw = json.dumps(body, ensure_ascii=False)
        self._db.execute("INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?)", (key, digest, status, raw))

    # --- deliveries --------------------------------------------------------------------------------------

    def queue(self, event: str, due: float) -> None:
        """Queue the delivery of a thing of kind "event" or "callback" (named "kind:id")."""
        self._db.execute("INSERT INTO delivery (event, due) VALUES (?, ?)", (event, due))

    def due(self, now: float) -> list[tuple[int, str, int]]:
        """Return what is to be delivered now: (number, what, attempts so far)."""
        rows = self._db.execute(
            "SELECT n, event, attempts FROM delivery WHERE done IS NULL AND due <= ? ORDER BY due, n", (now,)
        )
        return list(rows)

    def delivered(self, n: int, result: str) -> None:
        """Note that a delivery was taken."""
        self._db.execute(
            "UPDATE delivery SET done = ?, attempts = attempts + 1, result = ? WHERE n = ?", (time.time(), result, n)
        )

    def failed(self, n: int, result: str, due: float | None) -> None:
        """Note that a delivery was not taken; try again at `due`, or never where that is None."""
        done_at = time.time() if due is None else None
        self._db.execute(
            "UPDATE delivery SET attempts = attempts + 1, result = ?, due = ?, done = ? WHERE n = ?",
            (result, due or 0, done_at, n),
        )

    # --- flags -------------------------------------------------------------------------------------------

    def flags(self) -> dict[str, Any]:
        """Return how the stand-ins behave now."""
        set_ones = {name: json.loads(value) for name, value in self._db.execute("SELECT name, value FROM flag")}
        return FLAGS | set_ones

    def set_flags(self, flags: dict[str, Any]) -> None:
        """Change how they behave; unknown names and other kinds of value are refused (ValueError)."""
        for name, value in flags.items():
            usual = FLAGS.get(name)
            if usual is None or not isinstance(value, int | float if isinstance(usual, int) else type(usual)):
                raise ValueError(name)
        with self.transaction():
            for name, value in flags.items():
                self._db.execute("INSERT OR REPLACE INTO flag VALUES (?, ?)", (name, json.dumps(value)))
