"""Periodic tasks of employers."""

from datetime import datetime

from kernel.later import periodic_task

from .operations import people, registrations


@periodic_task("employers.ask", every=60)
def ask(*, at: datetime) -> int:
    """Ask the people whom employers named and who have an account by now."""
    return people.ask(at=at)


@periodic_task("employers.settle", every=60)
def settle(*, at: datetime) -> int:
    """End what nobody answered in time, and what stands on no consent any more."""
    return registrations.lapse(at=at) + people.settle(at=at)
