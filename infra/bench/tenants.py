"""`tenants`: the cost of many institutions: a schema for one more, a deployment for all, the roles between them.

Everything that has a baseline is measured beside it in the same run: the stock migrations of django-tenants on schemas
of the same database, in pairs on sets of the same size. Nothing is extrapolated.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from statistics import median

from django.core.management import call_command

from infra.bench import (
    deployment,  # sets Django up, which what follows needs
    fixtures,  # sets Django up, which what follows needs
    servers,  # sets Django up, which what follows needs
)
from infra.bench.database import BenchDatabase
from infra.bench.memory import Catalogue, of_a_backend
from infra.bench.report import Target, ratio
from infra.bench.servers import Server
from infra.stack.progress import say

from django.conf import settings  # isort: skip  # Django is set up above
from django.db import connection, transaction

from kernel import tenancy
from kernel.access import SYSTEM
from kernel.db.schemas import catalogue, plans
from kernel.db.schemas.migrating import Migrator
from shared.hosting.models import SpareSchema
from shared.hosting.operations import listing as hosting_listing
from shared.hosting.operations import spares as hosting_spares
from shared.institutions.models import Institution, Organisation
from shared.institutions.states import Standing

INSTITUTIONS = 200
BATCH = 10
STOCK = ("stock_0", "stock_1", "stock_2")
PAIRS, SET = 2, 25
NOOPS = 3
NEXT_RELEASE = {"sittings": "infra.bench.next_release"}


class Costs:
    """The seconds that each schema took, in the order in which they were made."""

    def __init__(self) -> None:
        self.builds: list[float] = []
        self.hand_outs: list[float] = []
        self.listings: list[float] = []

    @staticmethod
    def last_to_first(seconds: Sequence[float]) -> float:
        """Return how much longer the last tenth took than the first, by medians."""
        tenth = max(3, len(seconds) // 10)
        return median(seconds[-tenth:]) / median(seconds[:tenth])


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Provision, compare, deploy nothing, deploy something, and count."""
    with fixtures.shared_tables():
        migrates = [_timed(lambda name=name: _stock(name)) for name in STOCK]  # type: ignore[misc]  # bound now
        before = Catalogue.now()
        costs = _provision()
        catalogue = Catalogue.now().per(INSTITUTIONS, before)
        differing = _differing()
        fixtures.analyse()
        noop = _noop()
        touched = of_a_backend(database.url, tenancy.schemas())
        overhead = _role_overhead(database)
        deployed, migrations = _deploy(database, seed)
        differing += _differing()
    migrate = median(migrates)
    return [
        Target("provision_ratio", migrate / median(costs.hand_outs), "x", must=100, goal=1000),
        Target("noop_ratio", noop[0] / noop[1], "x", must=100, goal=300),
        Target("migration_ratio", ratio(migrations), "x", must=8, goal=10),
        Target("last_to_first_provision", costs.last_to_first(costs.hand_outs), "x", must=1.5, goal=1.2, sense="<="),
        Target("role_overhead", overhead, "x", must=1.15, goal=1.10, sense="<="),
        Target("dump_differences", differing, "lines", must=0, goal=0, sense="<="),
        *deployed,
        Target("last_to_first_build", costs.last_to_first(costs.builds), "x"),
        Target("build_ratio", migrate / median(costs.builds), "x"),
        Target("listing_ratio", migrate / median(costs.listings), "x"),
        Target("migrate", migrate, "s"),
        Target("build_ms", median(costs.builds) * 1000, "ms"),
        Target("hand_out_ms", median(costs.hand_outs) * 1000, "ms"),
        Target("listing_ms", median(costs.listings) * 1000, "ms"),
        Target("stock_noop", noop[0], "s"),
        Target("noop", noop[1], "s"),
        Target("stock_migration", median(stock for stock, _ours in migrations), f"s for {SET}"),
        Target("migration", median(ours for _stock, ours in migrations), f"s for {SET}"),
        Target("catalogue_rows", catalogue.relations, "rows of pg_class"),
        Target("empty_institution", catalogue.megabytes, "MB"),
        Target("backend", touched, f"MB after {INSTITUTIONS} schemas"),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _stock(name: str) -> None:
    """Make a schema as django-tenants does."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
    _stock_migrate(name)


def _stock_migrate(name: str) -> None:
    call_command("migrate_schemas", schema_name=name, tenant=True, interactive=False, verbosity=0)


def _differing() -> int:
    """Return the lines in which a handed-out schema differs from stock's, and say the first of them."""
    lines = catalogue.differences(STOCK[0], "t_bench0000")
    for line in lines[:5]:
        say(line, to_stderr=True)
    return len(lines)


def _provision() -> Costs:
    """Make 200 institutions, ten spares ahead at a time; every other one is listed by the operation itself."""
    costs, settings.NUOXING_SPARES = Costs(), 1
    hosting_spares.fill_pool(at=fixtures.now())  # renders the template, which a process does once
    for first in range(0, INSTITUTIONS, BATCH):
        for spares in range(SpareSchema.objects.count() + 1, BATCH + 1):
            settings.NUOXING_SPARES = spares
            costs.builds.append(_timed(lambda: hosting_spares.fill_pool(at=fixtures.now())))
        for one in fixtures.institutions(BATCH // 2, first=first):
            costs.hand_outs.append(_timed(lambda one=one: _hand_out(one)))  # type: ignore[misc]  # bound now
        for row in _registered(BATCH // 2, first):
            costs.listings.append(_timed(lambda row=row: _list(row)))  # type: ignore[misc]  # bound now
    return costs


def _hand_out(institution: Institution) -> None:
    with transaction.atomic():
        if not hosting_spares.claim_spare(institution.schema_name):
            raise RuntimeError("the pool is empty")


def _registered(number: int, first: int) -> list[Organisation]:
    at = fixtures.now()
    return Organisation.objects.bulk_create(
        Organisation(
            name=f"Listed {n:04d}", credit_code=f"LISTED{n:012d}", category="social", division_code="360102",
            authority_code=fixtures.AUTHORITY, address="-", legal_rep="-", contact="-", contact_mobile="-",
            registered_at=at, registered_by="00000000-0000-0000-0000-000000000001", state=Standing.REGISTERED,
            state_since=at,
        )
        for n in range(first, first + number)
    )  # fmt: skip


def _list(organisation: Organisation) -> None:
    institution = hosting_listing.list_institution(
        organisation_id=organisation.pk, positions=[], by=SYSTEM, at=fixtures.now()
    )
    if not institution.ready:
        raise RuntimeError("the pool is empty")


def _forget_plans() -> None:
    """Let the next run read the migrations from disk, as a new process would."""
    plans.migration_loader.cache_clear()
    plans.target_fingerprint.cache_clear()


def _noop() -> tuple[float, float]:
    """Return the seconds of a deployment with nothing to do: stock's, and ours (the median of three)."""

    def ours() -> None:
        _forget_plans()
        call_command("migrate_institutions", verbosity=0)

    stock = _timed(lambda: call_command("migrate_schemas", tenant=True, interactive=False, verbosity=0))
    return stock, median(_timed(ours) for _n in range(NOOPS))


def _role_overhead(database: BenchDatabase) -> float:
    """Return how much longer a request at an institution's host takes with the database's roles than without."""
    slugs = list(Institution.objects.filter(schema_name__startswith="t_bench").values_list("slug", flat=True)[:BATCH])
    with _pages(database, "1") as one, _pages(database, "0") as other:
        return deployment.slowdown(one, other, [f"{slug}.{database.host}" for slug in slugs])


def _pages(database: BenchDatabase, roles: str) -> AbstractContextManager[Server]:
    env = {"NUOXING_SHAPE": "web", "NUOXING_ROLES": roles}
    return servers.serving(
        f"roles-{roles}", servers.web(), logs=database.logs, host=database.host, path="/healthz", env=env
    )


def _deploy(database: BenchDatabase, seed: int) -> tuple[list[Target], list[tuple[float, float]]]:
    """Bring the next release's migration to all schemas: in pairs with stock, and to the rest while tests run."""
    names = tenancy.schemas()
    sitting, rest = names[:BATCH], names[BATCH:]
    settings.MIGRATION_MODULES = NEXT_RELEASE
    _forget_plans()
    try:
        pairs = []
        for _n in range(PAIRS):
            stock, ours, rest = rest[:SET], rest[SET : 2 * SET], rest[2 * SET :]
            pairs.append((_stocks(stock), _ours(ours)))
        targets = deployment.during_a_test(database, sitting, rest, seed)
        _ours([*STOCK[1:], *(spare.schema_name for spare in SpareSchema.objects.all())])
        _stock_migrate(STOCK[0])
    finally:
        settings.MIGRATION_MODULES = {}
        _forget_plans()
    return targets, pairs


def _stocks(names: Sequence[str]) -> float:
    began = time.perf_counter()
    for name in names:
        _stock_migrate(name)
    return time.perf_counter() - began


def _ours(names: Sequence[str]) -> float:
    began = time.perf_counter()
    failed = [one for one in Migrator().run(names) if one.status == "failed"]
    if failed:
        raise RuntimeError(f"{failed[0].schema}: {failed[0].why}")
    return time.perf_counter() - began
