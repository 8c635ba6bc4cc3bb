"""Celery's worker and beat: one task that delivers an outbox row, one that runs a periodic task."""

import os
from typing import Any

import django
from celery import Celery
from celery.signals import before_task_publish
from django.conf import settings
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config import beat  # noqa: E402  # Django is set up first: the tasks below are found by its apps
from config import env as environment  # noqa: E402  # as above
from kernel import clock, later  # noqa: E402  # as above
from shared.records import operations as records  # noqa: E402  # as above

app = Celery("nuoxing")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=4,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    task_default_queue="nuoxing",
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
        "polling_interval": 0.1,
        "pool_size": 2,  # connections of a channel, whose users take turns
        "use_notify": True,
    }


@app.task(name="outbox.deliver")
def deliver(outbox_id: int) -> bool:
    """Run the task of one outbox row."""
    return later.deliver(outbox_id)


@app.task(name="periodic.run", ignore_result=True)
def run_periodic_task(name: str) -> None:
    """Run one periodic task at real time."""
    later.run_periodic_task(name, at=clock.real_now())


def publish(outbox_id: int) -> None:
    """Hand an outbox row to the worker; kernel.later calls this after commit."""
    deliver.delay(outbox_id)


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
app.conf.beat_schedule = schedule()
