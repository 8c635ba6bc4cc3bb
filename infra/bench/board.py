"""`board`: the province's board of all institutions, read from what they have filed."""

import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from infra.bench import fixtures  # sets Django up, which what follows needs
from infra.bench.database import BenchDatabase
from infra.bench.report import Target
from kernel.fields import uuid7
from kernel.money import Money
from shared.filings.models import IncidentVersion, PriceVersion, SittingVersion
from shared.filings.states import Severity, SittingState
from shared.institutions.models import Institution
from shared.oversight import queries as oversight_queries
from shared.policy.models import FeeCap
from shared.policy.states import CapKind, Unit

FEW, MANY = 50, 500
SITTINGS, INCIDENTS, PRICES = 40, 8, 12  # filed by each institution
READS = 15


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Read the board with few institutions, add the others, read it again."""
    chance = random.Random(seed)  # noqa: S311 - data of a bench
    with fixtures.shared_tables():
        cap = FeeCap.objects.create(
            jurisdiction=fixtures.PROVINCE, document_no="bench", fee_item="training", unit=Unit.values[0],
            kind=CapKind.CAPPED, ceiling=Money(100_000), effective_from=date(2010, 1, 1), entered_at=fixtures.now(),
        )  # fmt: skip
        few, few_queries = _measured(fixtures.institutions(FEW), cap, chance)
        many, many_queries = _measured(fixtures.institutions(MANY - FEW, first=FEW), cap, chance)
    return [
        Target("time_ratio", many / few, "x", must=3, goal=1.5, sense="<="),
        Target("queries", many_queries, "queries", must=14, goal=10, sense="<="),
        Target("more_queries", many_queries - few_queries, "queries", must=0, goal=0, sense="<="),
        Target("board_few_ms", few * 1000, "ms"),
        Target("board_many_ms", many * 1000, "ms", must=300, goal=50, sense="<="),
    ]


def _measured(rows: Sequence[Institution], cap: FeeCap, chance: random.Random) -> tuple[float, int]:
    """Let these institutions tell what they have to; return the seconds of a board, and how many queries it asks."""
    _generate(rows, cap, chance)
    fixtures.analyse()
    officer = fixtures.officer()
    oversight_queries.board(officer, fixtures.now())
    with CaptureQueriesContext(connection) as captured:
        oversight_queries.board(officer, fixtures.now())
    times = []
    for _n in range(READS):
        began = time.perf_counter()
        oversight_queries.board(officer, fixtures.now())
        times.append(time.perf_counter() - began)
    return median(times), sum(not query["sql"].startswith("SET search_path") for query in captured.captured_queries)


def _generate(rows: Sequence[Institution], cap: FeeCap, chance: random.Random) -> None:
    now = fixtures.now()
    for one in rows:
        common = {"institution": one, "first_received_at": now, "received_at": now}
        starts = [now + timedelta(hours=chance.randrange(-9000, 400)) for _n in range(SITTINGS)]
        SittingVersion.objects.bulk_create(
            SittingVersion(
                fact_id=uuid7(), position="SGY-TJ", starts_at=at, ends_at=at + timedelta(hours=2), site="-",
                candidates=30, state=SittingState.FINALISED if at < now else SittingState.FILED, **common,
            )
            for at in starts
        )  # fmt: skip
        IncidentVersion.objects.bulk_create(
            IncidentVersion(
                fact_id=uuid7(), kind="other", severity=chance.choice(Severity.values), words="-",
                happened_at=now - timedelta(hours=chance.randrange(9000)), **common,
            )
            for _n in range(INCIDENTS)
        )  # fmt: skip
        PriceVersion.objects.bulk_create(
            PriceVersion(
                fact_id=uuid7(), class_id=uuid7(), class_name="-", position="SGY-TJ", fee_item="training",
                unit=cap.unit, amount=Money(chance.randrange(100_000)), cap=cap, max_amount=Money(100_000),
                published_at=now - timedelta(hours=chance.randrange(9000)), in_force=chance.random() < 0.5, **common,
            )
            for _n in range(PRICES)
        )  # fmt: skip
