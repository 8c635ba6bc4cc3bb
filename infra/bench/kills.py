"""The bench of kills: how soon a code arrives while the worker is killed every six seconds and bulk messages wait."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from django.conf import settings
from django.db import transaction

from infra.bench import fixtures, killing  # the first sets Django up, which what follows needs
from infra.bench.database import BenchDatabase
from infra.bench.killing import Gateway, Worker
from infra.bench.report import Target
from infra.stack.database import install_queue
from kernel.later import Priority
from kernel.models import Outbox
from shared.identity import adapters as identity_adapters
from shared.notices import operations as notices

BULK = 5000
KILL_EVERY, CODE_EVERY, SECONDS = 6.0, 1.0, 90.0
ANSWER_SECONDS = 0.05
"""What a gateway takes to say yes."""
PATIENCE_SECONDS = 60.0
OTHERS = "identity.invitation"


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Ask for codes while bulk messages are under way: first with a worker that lives, then with one that is killed."""
    install_queue(database.url)
    with fixtures.shared_tables(), killing.gateway(ANSWER_SECONDS) as gateway:
        settings.NUOXING_PUBLISH = "config.celery.wake"
        env = {**os.environ, "NUOXING_FAKES_URL": gateway.url}
        state = database.state.within("kills")
        state.make_state()
        worker = Worker(state.state, env)
        worker.start()
        try:
            started = time.monotonic()
            ask_code("13800000000")
            killing.wait_until(lambda: gateway.arrived("13800000000"), seconds=PATIENCE_SECONDS)
            boot = time.monotonic() - started
            ask_bulk(BULK)
            living = _codes(gateway, "1381", KILL_EVERY * 3)
            with _killing(worker):
                killed = _codes(gateway, "1382", SECONDS)
            return _targets(gateway, worker, living, killed, boot)
        finally:
            worker.end()


def ask_code(number: str) -> float:
    """Ask for a code as signing in does; return when that was committed."""
    with transaction.atomic():
        identity_adapters.queue_message(number, "identity.code", code="123456")
    return time.monotonic()


def ask_bulk(count: int) -> None:
    """Ask for so many invitations in one transaction."""
    context = {"role": "-", "at": "-", "url": "-"}
    with transaction.atomic():
        for n in range(count):
            to = f"137{n:08d}"
            notices.send(to=to, template=OTHERS, context=context, at=fixtures.now(), priority=Priority.BULK)


def _codes(gateway: Gateway, first: str, seconds: float) -> list[float | None]:
    """Ask for a code every second for so long; return how long each took, None where it never came."""
    begun_at: dict[str, float] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number = f"{first}{len(begun_at):07d}"
        begun_at[number] = ask_code(number)
        time.sleep(CODE_EVERY)
    killing.wait_until(lambda: all(map(gateway.arrived, begun_at)), seconds=PATIENCE_SECONDS)
    moments = {number: gateway.arrived(number) for number in begun_at}
    return [None if (at := moments[number]) is None else at - began for number, began in begun_at.items()]


@contextmanager
def _killing(worker: Worker) -> Iterator[None]:
    """Kill the worker every six seconds for the length of the block."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(KILL_EVERY):
            worker.kill()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _targets(
    gateway: Gateway, worker: Worker, living: list[float | None], killed: list[float | None], boot: float
) -> list[Target]:
    came = sorted(wait for wait in killed if wait is not None)
    lost = sum(wait is None for wait in [*living, *killed])
    unknown = BULK - Outbox.objects.filter(task="notices.deliver", priority=Priority.BULK).count()
    return [
        Target("code_p95_s", _percentile(came, 95), "s", must=5, goal=4, sense="<="),
        Target("code_median_s", median(came) if came else None, "s"),
        Target("code_longest_s", max(came, default=None), "s"),
        Target("code_p95_living_s", _percentile(sorted(filter(None, living)), 95), "s", must=1, goal=0.5, sense="<="),
        Target("codes_lost", lost, "codes", must=0, goal=0, sense="<="),
        Target("bulk_lost", unknown, "messages", must=0, goal=0, sense="<="),
        Target("kills", worker.kills, "kills"),
        Target("sent_again", gateway.sent_again(), "messages", must=2 * worker.kills, sense="<="),
        Target("bulk_sent", sum(one.to.startswith("137") for one in gateway.arrivals), "messages"),
        Target("worker_start_s", boot, "s"),
    ]


def _percentile(ordered: list[float], percent: int) -> float | None:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else None
