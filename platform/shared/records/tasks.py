"""Tasks of the records: expiry, heartbeats, files that were erased."""

from datetime import datetime

from kernel import clock, later

from . import operations


@later.task("records.remove_content", runs=later.Where.EVERYWHERE)
def remove_content(*, path: str, at: datetime, visibility: str = "") -> None:
    """Remove the content of a file that was erased; `visibility` is what an older release says."""
    operations.remove_content(path=path)


@later.task("records.record_heartbeat", runs=later.Where.PLATFORM)
def record_heartbeat(*, name: str, at: datetime) -> None:
    """Write that the worker lives."""
    operations.record_heartbeat(name=name)


@later.periodic_task("kernel.heartbeat", every=5)
def heartbeat(*, at: datetime) -> None:
    """Show that the worker lives: beat asked, the worker runs this."""
    operations.record_heartbeat(name="worker")


@later.periodic_task("records.delete_expired", every=3600)
def delete_expired(*, at: datetime) -> None:
    """Remove what has expired."""
    operations.delete_expired(at=clock.real_now())


@later.periodic_task("records.reseal", every=60)
def reseal(*, at: datetime) -> int:
    """Seal a few values anew, as long as any lies under an older key."""
    return operations.reseal()
