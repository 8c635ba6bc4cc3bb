"""Which tests stay on one worker, since what they use cannot be had twice; all others go wherever there is time."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/life/": "the running stack, with the demonstration in it",
    "tests/config/test_behind_a_proxy.py": "nginx, web and live",
    "tests/infra/test_database_away.py": "a PostgreSQL that is stopped and started",
    "tests/infra/test_demo_loading.py": "the demonstration in a database of its own",
    "tests/infra/test_demo_bank.py": "the demonstration's bank",
    "tests/infra/test_fakes_stripe.py": "the stand-ins as a process",
    "tests/infra/test_stack_life.py": "a fixed port",
    "tests/kernel/test_schemas_template.py": "two committed schemas",
}
"""Beginnings of the names of tests, and what it is that those share."""


class Spreading(LoadScopeScheduling):
    """Hands out what stays together as one piece, first the piece of most tests, and then test by test.

    xdist_group would say the same, but pytest-xdist 3.8 cannot read it under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((beginning for beginning in TOGETHER if nodeid.startswith(beginning)), nodeid)
