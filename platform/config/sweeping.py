"""Sweeping: a thread of the worker that looks every second for what waits and nobody was woken for.

The process that asked was killed between commit and waking, the worker that was woken died, the broker was away, a
task's time has come, an outside system answers again: whatever it was, what is ready is taken up within a second.
"""

import logging
import threading
from typing import Any

from celery import Celery, bootsteps
from django.db import close_old_connections

from kernel import clock, worker

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0


class SweepingThread(threading.Thread):
    """Sweeps until it is asked to stop; what stops it by accident does not stop it for good."""

    def __init__(self) -> None:
        """Sweep as a thread that keeps no process alive."""
        super().__init__(name="sweeping", daemon=True)
        self._asked = threading.Event()

    def run(self) -> None:
        """Sweep at once, then every second; a fault is said once until it is over."""
        is_failing = False
        while not self._asked.is_set():
            try:
                worker.sweep(real=clock.real_now())
                is_failing = False
            except Exception as fault:
                if not is_failing:
                    log.warning("the outbox cannot be swept now: %s", str(fault).splitlines()[:1])
                is_failing = True
            finally:
                close_old_connections()
            self._asked.wait(EVERY_SECONDS)

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self._asked.set()
        self.join(5 * EVERY_SECONDS)


class SweepingStep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery is untyped
    """Starts the thread with the worker, after its pool: no process that the pool forks has the thread's connection."""

    requires = ("celery.worker.components:Pool",)

    def create(self, worker: Any) -> SweepingThread:
        """Return the thread; the worker starts and stops it."""
        return SweepingThread()


def offer(app: Celery) -> None:
    """Give every worker of an app the thread."""
    app.steps["worker"].add(SweepingStep)
