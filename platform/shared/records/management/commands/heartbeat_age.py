"""Print how old the last sign of life of the worker and beat is, as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock

from ... import queries


class Command(BaseCommand):
    """manage.py heartbeat_age: {"worker": seconds or null, "beat": seconds or null}."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(json.dumps(queries.heartbeat_ages(real=clock.real_now())))
