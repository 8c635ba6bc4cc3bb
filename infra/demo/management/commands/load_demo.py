"""Load the demonstration province; again is harmless."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.signals import setting_changed

from infra.demo import loading
from kernel import clock, later


class Command(BaseCommand):
    """manage.py load_demo."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how far to go."""
        parser.add_argument("--only", choices=[s.name for s in loading.STAGES], help="this stage alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load stage by stage, saying each; what the stages ask for later is done here and now, without the worker."""
        settings.NUOXING_PUBLISH = ""
        settings.TENANT_LIMIT_SET_CALLS = True  # one thread, one connection: the search path is set where it changes
        settings.PASSWORD_HASHERS = ["infra.demo.hashing.QuickHasher", *settings.PASSWORD_HASHERS]
        setting_changed.send(sender=type(self), setting="PASSWORD_HASHERS", value=None, enter=True)
        for stage in loading.STAGES:
            if options["only"] in (None, stage.name):
                begun = time.monotonic()
                stage.load()
                later.drain(until=clock.real_now())
                self.stdout.write(f"{stage.name}: {stage.words} ({time.monotonic() - begun:.1f} s)")
