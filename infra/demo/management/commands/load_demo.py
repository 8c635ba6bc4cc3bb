"""Load the demonstration province; again is harmless."""

import gc
import multiprocessing
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import wait
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.signals import setting_changed
from django.db import connection, connections
from django.urls import get_resolver

from infra.demo import loading, needs
from kernel import clock, draining, paper
from kernel.models import Outbox

JOBS = min(2, os.cpu_count() or 1)
FEW = 100
"""Fewer tasks than this are done before a second process has begun."""


class Command(BaseCommand):
    """manage.py load_demo."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how far to go, and with how many processes."""
        parser.add_argument("--only", choices=[s.name for s in loading.STAGES], help="this stage alone")
        parser.add_argument("--jobs", type=int, default=JOBS, help="how many steps of a stage are done side by side")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load stage by stage, saying each; what the stages ask for later is done here and now, without the worker.

        Nothing is loaded where the province's files lack something for it: all of that is said.
        """
        try:
            needs.require(settings.NUOXING_JURISDICTION, settings.NUOXING_POLICY_PACKS)
        except needs.ProvinceUnready as missing:
            raise CommandError(str(missing)) from None
        if loading.holds_others():
            self.stdout.write(loading.FOREIGN)
            return
        _get_ready()
        _plan_once()
        settings.NUOXING_PUBLISH = ""
        settings.NUOXING_SPARES = 0  # the worker makes those of later institutions
        settings.CHANNEL_LAYERS = {}  # nobody sits in a room of years ago and waits for a hint
        settings.NUOXING_FAKES_URL = ""  # messages of years ago lie on the outbox page; no stand-in has to take them
        settings.TENANT_LIMIT_SET_CALLS = True  # one thread, one connection: the search path is set where it changes
        settings.PASSWORD_HASHERS = ["infra.demo.hashing.QuickHasher", *settings.PASSWORD_HASHERS]
        for name in ("PASSWORD_HASHERS", "CHANNEL_LAYERS"):
            setting_changed.send(sender=type(self), setting=name, value=None, enter=True)
        for stage in loading.STAGES:
            if options["only"] in (None, stage.name):
                begun = time.monotonic()
                _do(stage.name, _with_drain(stage.steps, options["jobs"]), options["jobs"])
                _do(stage.name, _drains(options["jobs"]), options["jobs"])
                self.stdout.write(f"{stage.name}: {stage.description} ({time.monotonic() - begun:.1f} s)")


def _get_ready() -> None:
    """Read once, before processes are forked, what each of them would read for itself; and seldom look for garbage."""
    import pypinyin  # noqa: F401  # five listings: read here, and not in a process of its own for each

    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        assert get_resolver(urls).app_dict
    paper.get_ready()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _plan_once() -> None:
    """Let the server keep its plans of statements that come again and again, on connections to come."""
    connection.settings_dict["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
    _disconnect()


def _disconnect() -> None:
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's


def _with_drain(steps: Sequence[Callable[[], None]], jobs: int) -> list[Callable[[], None]]:
    """Return the steps, and after them what does the tasks that wait by then, beside the last of many steps."""
    return [*steps, partial(_drain, (0, 1))] if len(steps) > jobs > 1 else list(steps)


def _drains(jobs: int) -> list[Callable[[], None]]:
    """Return what does the tasks that wait, in shares where there are many.

    What one share asks of another that is through already is done after the next stage.
    """
    waiting = Outbox.objects.filter(done_at=None, attempts=0).count()
    shares = jobs if waiting > FEW else 1
    return [partial(_drain, (n, shares)) for n in range(shares)]


def _drain(share: tuple[int, int]) -> None:
    draining.drain(until=clock.real_now(), share=share)


def _do(stage: str, steps: Sequence[Callable[[], None]], jobs: int) -> None:
    """Do steps, so many side by side, each in a process of its own; refuses to go on where one failed."""
    if jobs < 2 or len(steps) < 2:
        for step in steps:
            _quickly(step)
        return
    _disconnect()  # a fork must not use its parent's connections
    context = multiprocessing.get_context("fork")
    waiting, running = list(steps), list[Any]()
    while waiting or running:
        while waiting and len(running) < jobs:
            process = context.Process(target=_quickly, args=(waiting.pop(0),))
            process.start()
            running.append(process)
        wait([process.sentinel for process in running], timeout=1)
        if any(process.exitcode for process in running):
            _end(running)
            raise CommandError(f"{stage}: a step failed; what it had begun was undone.")
        running = [process for process in running if process.exitcode is None]


def _end(running: list[Any]) -> None:
    for process in running:
        process.terminate()
        process.join()


def _quickly(step: Callable[[], None]) -> None:
    """Do a step without waiting for the disk at each commit: after a crash of the machine it is done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        step()
    finally:
        connection.close()
