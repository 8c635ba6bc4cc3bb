"""Tasks of the records: sealing, republishing, expiry, heartbeats."""

from datetime import datetime

from kernel import clock, later

from . import operations


@later.task("records.remove_content")
def remove_content(*, path: str, visibility: str, at: datetime) -> None:
    """Remove the content of a file that was erased."""
    operations.remove_content(path=path, visibility=visibility)


@later.task("records.record_heartbeat")
def record_heartbeat(*, name: str, at: datetime) -> None:
    """Write that the worker lives."""
    operations.record_heartbeat(name=name)


@later.periodic_task("records.republish", every=10)
def republish(*, at: datetime) -> None:
    """Publish again what a killed process left in the outbox."""
    later.republish(real_now=clock.real_now())


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
