"""Advisory locks on files: one set-up, one `up`, one test run at a time in a checkout."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

MOMENT = 2.0


def try_lock(path: Path, *, shared: bool = False) -> IO[str] | None:
    """The open, locked file; None when somebody else holds it. The lock ends with the file or the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def lock(path: Path, *, shared: bool = False, waiting: Callable[[], None] = lambda: None) -> IO[str]:
    """The open, locked file; calls `waiting` once if it has to wait for somebody else for more than a moment."""
    until = time.monotonic() + MOMENT
    handle = try_lock(path, shared=shared)
    while handle is None and time.monotonic() < until:
        time.sleep(0.05)
        handle = try_lock(path, shared=shared)
    if handle is None:
        waiting()
        handle = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    return handle


@contextmanager
def locked(path: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock for the length of the block."""
    handle = lock(path, waiting=waiting)
    try:
        yield
    finally:
        handle.close()


def is_held(path: Path) -> bool:
    """Say whether some process holds the lock now."""
    if not path.exists():
        return False
    handle = try_lock(path)
    if handle is None:
        return True
    handle.close()
    return False
