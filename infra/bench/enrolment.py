"""`enrolment`: what making people known costs at a counter and in an import of 5,000, in processor time.

Beside each stands the same work with plain inserts, as the login that owns the tables: what the functions cost by which
an institution adds people (docs/security.md). Processor time is this process's and PostgreSQL's.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from statistics import median
from typing import Any

from django.db import transaction

from infra.bench import fixtures  # sets Django up, which what follows needs
from infra.bench.database import BenchDatabase
from infra.bench.report import Target, ratio
from kernel import tenancy
from kernel.access import Actor, Grant
from kernel.idnumbers import make_resident_id
from kernel.roles import Role
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import additions, registrations
from shared.identity.operations.registrations import NewPerson
from tenants.rosters.operations import counter

COUNTER = 300
IMPORT = 5_000
ROUNDS = 3

_serial = count()


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Make people known one by one and 5,000 at once, by turns with the functions and with plain inserts."""
    with fixtures.shared_tables():
        (institution,) = fixtures.institutions(1)
        fixtures.build_schemas([institution])
        by = _registrar(str(institution.organisation_id))
        with tenancy.open_institution(institution):
            _at_counter(by, 20)  # statements and packs are read once in a process
            counters = [_pair(database, lambda: _at_counter(by, COUNTER)) for _n in range(ROUNDS)]
            imports = [_pair(database, lambda: _import(by)) for _n in range(ROUNDS)]
    return [
        Target("counter_over_inserts", ratio(counters), "x", must=1.05, goal=1.0, sense="<="),
        Target("import_over_inserts", ratio(imports), "x", must=1.05, goal=1.0, sense="<="),
        Target("counter", median(ours for ours, _plain in counters) / COUNTER * 1000, "ms a person"),
        Target("import", median(ours for ours, _plain in imports), f"s for {IMPORT}"),
    ]


def _registrar(scope: str) -> Actor:
    with tenancy.as_owner():
        account = Account.objects.create(name="registrar", email="registrar@bench.invalid")
        RoleGrant.objects.create(account=account, role=Role.REGISTRAR, scope=scope, granted_at=fixtures.now())
    return Actor(account.pk, None, "registrar", 2, frozenset({Grant(Role.REGISTRAR, scope)}))


def _pair(database: BenchDatabase, work: Callable[[], None]) -> tuple[float, float]:
    """Return the processor seconds of some work by the functions, and with plain inserts."""
    ours = _processor(database, work)
    with _plain_inserts():
        return ours, _processor(database, work)


def _processor(database: BenchDatabase, work: Callable[[], None]) -> float:
    before = time.process_time() + database.processor_seconds()
    work()
    return time.process_time() + database.processor_seconds() - before


@contextmanager
def _plain_inserts() -> Iterator[None]:
    functions = additions.add_people

    def insert(**rows: Sequence[Any]) -> None:
        with tenancy.as_owner():
            for name in ("people", "accounts", "addresses", "consents"):
                for one in rows.get(name, ())[:1]:
                    type(one).objects.bulk_create(rows[name], batch_size=1000)

    additions.add_people = insert
    try:
        yield
    finally:
        additions.add_people = functions


def _new() -> NewPerson:
    n = next(_serial)
    number = make_resident_id("360102", date(1960, 1, 1) + timedelta(days=n // 900), n % 900)
    return NewPerson(name="演示学员", id_number=number, mobile=f"139{n:08d}")


def _at_counter(by: Actor, number: int) -> None:
    for _n in range(number):
        new = _new()
        counter.register_walk_in(name=new.name, id_number=new.id_number, mobile=new.mobile, by=by, at=fixtures.now())


def _import(by: Actor) -> None:
    entries = [_new() for _n in range(IMPORT)]
    with transaction.atomic():
        registrations.register_people(entries, by=by, at=fixtures.now())
