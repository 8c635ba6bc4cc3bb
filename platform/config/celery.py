"""Celery's worker and beat: one task that runs what waits in the outbox, one that runs a periodic task.

What waits, and whose turn it is, the outbox alone knows (kernel.worker): a message of the broker only wakes. One that a
killed worker had is missed by nobody, and two too many do nothing.
"""

import os
from typing import Any

import django
from celery import Celery
from celery.signals import before_task_publish
from django.conf import settings
from django.db import close_old_connections
from kombu.entity import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config import beat, sweeping  # noqa: E402  # Django is set up first: the tasks below are found by its apps
from config import env as environment  # noqa: E402  # as above
from kernel import clock, later, worker  # noqa: E402  # as above
from shared.records import operations as records  # noqa: E402  # as above

WAKING, PERIODIC = "nuoxing", "nuoxing.periodic"
EXCHANGE = Exchange(WAKING, type="direct")  # type: ignore[no-untyped-call]  # kombu is untyped

app = Celery("nuoxing")
app.conf.update(
    task_ignore_result=True,
    # a worker asks its queues in turn: what is periodic does not stand behind what wakes
    task_queues=[
        Queue(name, EXCHANGE, routing_key=name)  # type: ignore[no-untyped-call]  # as above
        for name in (WAKING, PERIODIC)
    ],
    task_routes={"periodic.run": {"queue": PERIODIC}},
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    task_default_queue=WAKING,
    task_default_exchange=WAKING,
    task_default_routing_key=WAKING,
    timezone="UTC",
)
if environment.read().REDIS_URL:
    app.conf.broker_url = environment.read().REDIS_URL
else:
    app.conf.broker_url = "pgmq://"
    app.conf.broker_transport_options = {
        "conn_string": settings.DATABASE_DSN,
        "init_extension": False,
        "visibility_timeout": 300,
        "wait_time_seconds": 0,
        "polling_interval": 0.2,
        "pool_size": 2,  # connections of a channel, whose users take turns
        # no use_notify: each process that first publishes makes the trigger anew, and two at once end a worker
    }


@app.task(name="outbox.deliver")
def work(outbox_id: int | None = None) -> None:
    """Run what waits in the outbox, for a moment; `outbox_id` is what an older release says."""
    if worker.work():
        wake()


@app.task(name="periodic.run", acks_late=True, reject_on_worker_lost=True)
def run_periodic_task(name: str) -> None:
    """Run one periodic task at real time."""
    later.run_periodic_task(name, at=clock.real_now())


def wake() -> None:
    """Wake a worker; kernel.later calls this after commit."""
    work.delay()


@before_task_publish.connect(sender="periodic.run")
def record_beat_heartbeat(**kwargs: Any) -> None:
    """Record beat's heartbeat: only beat publishes periodic tasks."""
    records.record_heartbeat(name="beat")
    close_old_connections()  # nobody else does in the thread that beats: it would hold one of the pool for ever


def schedule() -> dict[str, Any]:
    """Return beat's schedule: every registered periodic task."""
    return {
        name: {
            "task": "periodic.run",
            "schedule": job.every,
            "args": (name,),
            "options": {"expires": max(job.every, 30)},
        }
        for name, job in later.periodic_tasks.items()
    }


beat.offer(app)
sweeping.offer(app)
app.conf.beat_schedule = schedule()
