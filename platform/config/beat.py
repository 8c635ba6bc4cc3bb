"""Beat as a thread of the worker: on one machine it need not be a process of its own (`worker --beat-thread FILE`).

Celery's own `worker -B` forks, which costs what the process would have cost.
"""

import logging
import threading
from typing import Any

from celery import Celery, bootsteps
from celery.beat import PersistentScheduler
from click import Option

log = logging.getLogger(__name__)

LONGEST_WAIT = 5.0
REST_SECONDS = 5.0


class BeatThread(threading.Thread):
    """Publishes what is due until it is asked to stop; what stops it by accident does not stop it for good."""

    def __init__(self, app: Celery, schedule: str) -> None:
        """Beat for this app; `schedule` is the file in which it keeps when each job last ran."""
        super().__init__(name="beat", daemon=True)
        self._app = app
        self._schedule = schedule
        self._asked = threading.Event()

    def run(self) -> None:
        """Beat, and begin again after a fault."""
        while not self._asked.is_set():
            try:
                self._beat()
            except Exception:
                log.exception("beat stumbled; it goes on in %.0f s", REST_SECONDS)
                self._asked.wait(REST_SECONDS)

    def _beat(self) -> None:
        scheduler = PersistentScheduler(app=self._app, schedule_filename=self._schedule, max_interval=LONGEST_WAIT)
        try:
            while not self._asked.wait(scheduler.tick()):
                pass
        finally:
            scheduler.close()

    def stop(self) -> None:
        """Ask it to stop, and wait until its file is closed."""
        self._asked.set()
        self.join(REST_SECONDS)


class BeatStep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery is untyped
    """Starts the thread with the worker, where the worker was told to."""

    conditional = True

    def __init__(self, worker: Any, beat_thread: str | None = None, **options: Any) -> None:
        """Take our option."""
        self.enabled = bool(beat_thread)
        self._schedule = beat_thread or ""
        super().__init__(worker, **options)

    def create(self, worker: Any) -> BeatThread:
        """Return the thread; the worker starts and stops it."""
        return BeatThread(worker.app, self._schedule)


def offer(app: Celery) -> None:
    """Give the worker of an app the option."""
    app.steps["worker"].add(BeatStep)
    app.user_options["worker"].add(
        Option(["--beat-thread"], metavar="FILE", help="Run beat as a thread; FILE keeps when each job last ran.")
    )
