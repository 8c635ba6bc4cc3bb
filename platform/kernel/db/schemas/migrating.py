"""The set-wise migration: what many lack is found by one query, Django migrates the first, the others replay that.

One transaction a schema, which waits for nobody's lock for long; what could not be had is tried again later. Killed at
any moment and started again, it goes on with what is still missing; two runs at once share the work.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from django.db import DatabaseError, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation

from kernel import tenancy
from kernel.db import roles
from kernel.db.schemas import building, plans, rendering

Status = Literal["current", "canary", "replayed", "migrated", "failed"]
LOCK_MS = 1000
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
CANARIES = 3
# lock_not_available, deadlock_detected, serialization_failure, query_canceled: nobody's fault, so try again
_LATER = frozenset({"55P03", "40P01", "40001", "57014"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one schema: the way it was brought up to date, or the reason why not."""

    schema: str
    status: Status
    why: str = ""


class _Busy(Exception):
    """Somebody else has the schema, or a table of it, now."""


@dataclass
class Migrator:
    """One run over many schemas; `on_outcome` is called for each of them, as soon as its outcome is known."""

    on_outcome: Callable[[Outcome], None] = lambda outcome: None
    lock_ms: int = LOCK_MS
    pauses: Sequence[float] = PAUSES
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    busy: dict[str, str] = field(default_factory=dict)

    def run(self, schemas: Sequence[str]) -> list[Outcome]:
        """Bring these schemas up to date with the code; return what became of each, in their order."""
        with tenancy.open_public(), tenancy.as_owner():
            for pause in (*self.pauses, None):
                self.busy.clear()
                self._round([name for name in schemas if name not in self.outcomes])
                if not self.busy:
                    break
                if pause is not None:
                    time.sleep(pause)
            for name, why in self.busy.items():
                self._note(Outcome(name, "failed", why))
        return [self.outcomes[name] for name in schemas]

    def _note(self, outcome: Outcome) -> None:
        self.outcomes[outcome.schema] = outcome
        self.on_outcome(outcome)

    def _round(self, schemas: Sequence[str]) -> None:
        groups: dict[str, list[str]] = {}
        fingerprints = plans.fingerprints(schemas)
        for name in schemas:
            if name not in fingerprints:
                self._note(Outcome(name, "failed", "there is no such schema"))
            elif fingerprints[name] == plans.target_fingerprint():
                self._note(Outcome(name, "current"))
            else:
                groups.setdefault(fingerprints[name], []).append(name)
        for fingerprint, group in sorted(groups.items(), key=lambda fingerprints: len(fingerprints[1]), reverse=True):
            self._group(group, fingerprint)

    def _group(self, group: list[str], fingerprint: str) -> None:
        """Bring schemas of one fingerprint up to date."""
        if fingerprint == plans.EMPTY:
            self._each(group, "migrated", _build)
            return
        try:
            plan = _plan_of(group[0])
        except Exception as fault:  # migrations that contradict each other: recorded, and the others go on
            for name in group:
                self._note(Outcome(name, "failed", _describe(fault)))
            return
        if not plan and plans.fingerprints(group[:1]).get(group[0]) != fingerprint:
            self.busy |= dict.fromkeys(group, "another run has just finished the first of them")
        elif not plan:
            for name in group:
                self._note(Outcome(name, "current"))
        elif plans.steps_without_sql(plan):
            self._each(group, "migrated", partial(_migrate_slowly, lock_ms=self.lock_ms))
        else:
            self._replay(group, fingerprint, plan)

    def _replay(self, group: list[str], fingerprint: str, plan: Sequence[Migration]) -> None:
        """Render the plan at the first schema that takes it and replay it in the others; give up after three."""
        remaining, refused, script = list(group), 0, ""
        while remaining and not script and refused < CANARIES:
            name = remaining.pop(0)
            with rendering.recording() as statements:
                if self._try(name, "canary", partial(_canary, name, stands_at=fingerprint, lock_ms=self.lock_ms)):
                    script = "\n".join([*statements, rendering.record_applied(plan)])
            refused += name in self.outcomes and self.outcomes[name].status == "failed"
        if script:
            replay = partial(
                _replay, script=script, stands_at=fingerprint, rights=_makes_tables(plan), lock_ms=self.lock_ms
            )
            self._each(remaining, "replayed", replay)
        elif refused == CANARIES:
            for name in remaining:
                self._note(Outcome(name, "failed", f"not tried: {refused} schemas like it have refused"))

    def _each(self, names: Sequence[str], status: Status, work: Callable[[str], bool]) -> None:
        for name in names:
            self._try(name, status, partial(work, name))

    def _try(self, name: str, status: Status, work: Callable[[], bool]) -> bool:
        """Do it and note it; what is only in use now is left for the next round. Says whether it was done."""
        try:
            was_run = work()
        except Exception as fault:  # whatever a migration raises, the others go on
            cause = fault.__cause__ if isinstance(fault, DatabaseError) else None
            if isinstance(fault, _Busy) or getattr(cause, "sqlstate", None) in _LATER:
                self.busy[name] = _describe(fault)
            else:
                self._note(Outcome(name, "failed", _describe(fault)))
            return False
        self._note(Outcome(name, status if was_run else "current"))
        return was_run


def _describe(fault: Exception) -> str:
    return f"{type(fault).__name__}: {str(fault).strip()}".replace("\n", " ")[:400]


def _plan_of(name: str) -> tuple[Migration, ...]:
    """Return what a schema lacks, as Django finds it; migrations that replace others are its business."""
    with building.open_schema(name):
        executor = MigrationExecutor(connection)
        return tuple(m for m, _back in executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _build(name: str) -> bool:
    building.build_schema(name)
    return True


def _canary(name: str, *, stands_at: str, lock_ms: int) -> bool:
    """Migrate one schema as Django does, in one transaction."""
    with building.open_schema(name), transaction.atomic():
        if not _acquire(name, lock_ms, stands_at):
            return False
        building.migrate_open()
        roles.grant_schema(name)
    return True


def _makes_tables(plan: Sequence[Migration]) -> bool:
    """Say whether a plan may make tables, on which a model may declare narrower rights than the schema's usual ones."""
    return any(not isinstance(step, (FieldOperation, IndexOperation)) for one in plan for step in one.operations)


def _replay(name: str, *, script: str, stands_at: str, rights: bool, lock_ms: int) -> bool:
    """Run the rendered plan in one schema, in one transaction; what another run did meanwhile is left alone."""
    with transaction.atomic():
        if not _acquire(name, lock_ms, stands_at):
            return False
        building.run_script(name, script)
        if rights:
            roles.grant_schema(name)
    return True


def _acquire(name: str, lock_ms: int, stands_at: str) -> bool:
    """Hold a schema for the open transaction; False where another run has finished it, _Busy where it has begun."""
    if not building.try_lock_schema(name):
        raise _Busy("another run is at it")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {int(lock_ms)}")
    current = plans.fingerprints([name]).get(name)
    if current not in (stands_at, plans.target_fingerprint()):
        raise _Busy("it was renamed, or another run has begun with it")
    return current == stands_at


def _migrate_slowly(name: str, *, lock_ms: int) -> bool:
    """Migrate one schema as Django does, one transaction a migration (what Python does to rows cannot be replayed)."""
    if not building.try_lock_schema(name, session=True):
        raise _Busy("another run is at it")
    try:
        with building.open_schema(name):
            if plans.fingerprints([name]).get(name) == plans.target_fingerprint():
                return False
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = {int(lock_ms)}")
            building.migrate_open()
            roles.grant_schema(name)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = DEFAULT")
        building.unlock_schema(name)
    return True
