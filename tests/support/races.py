"""Several people at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from kernel import tenancy
from kernel.errors import Refusal


def race(*acts: Callable[[], object], institution: Any = None) -> list[str]:
    """Run the acts at the same moment, in an institution or on the platform; return how each went, in order of words:
    "done", "not-yet" of one that returned False, or the code of its refusal.
    """
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            with tenancy.open_institution(institution) if institution else tenancy.open_public():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                barrier.wait()
                return "not-yet" if act() is False else "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))
