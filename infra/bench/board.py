"""`board`: what an officer of the province sees of all institutions, read from what they have told."""

import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from infra.bench import house  # sets Django up, which what follows needs
from infra.bench.ground import Ground
from infra.bench.report import Target
from kernel.fields import uuid7
from kernel.money import Money
from shared.institutions.models import Institution
from shared.oversight import queries
from shared.oversight.models import ToldIncident, ToldPrice, ToldSitting
from shared.oversight.states import Severity, SittingState
from shared.policy.models import FeeCap
from shared.policy.states import CapKind, Unit

FEW, MANY = 50, 500
SITTINGS, INCIDENTS, PRICES = 40, 8, 12  # told by each institution
READS = 15


def run(ground: Ground, seed: int) -> list[Target]:
    """Read the board with few institutions, add the others, read it again."""
    chance = random.Random(seed)  # noqa: S311 - data of a bench
    with house.shared_tables():
        cap = FeeCap.objects.create(
            jurisdiction=house.PROVINCE, document_no="bench", fee_item="training", unit=Unit.values[0],
            kind=CapKind.CAPPED, ceiling=Money(100_000), effective_from=date(2020, 1, 1), entered_at=house.now(),
        )  # fmt: skip
        few, few_queries = _measured(house.institutions(FEW), cap, chance)
        many, many_queries = _measured(house.institutions(MANY - FEW, first=FEW), cap, chance)
    return [
        Target("time_ratio", many / few, "x", must=3, goal=1.5, sense="<="),
        Target("queries", many_queries, "queries", must=14, goal=10, sense="<="),
        Target("more_queries", many_queries - few_queries, "queries", must=0, goal=0, sense="<="),
        Target("board_few_ms", few * 1000, "ms"),
        Target("board_many_ms", many * 1000, "ms", must=300, goal=50, sense="<="),
    ]


def _measured(rows: Sequence[Institution], cap: FeeCap, chance: random.Random) -> tuple[float, int]:
    """Let these institutions tell what they have to; return the seconds of a board, and how many queries it asks."""
    _tell(rows, cap, chance)
    house.analyse()
    officer = house.officer()
    queries.board(officer, house.now())
    with CaptureQueriesContext(connection) as asked:
        queries.board(officer, house.now())
    times = []
    for _n in range(READS):
        began = time.perf_counter()
        queries.board(officer, house.now())
        times.append(time.perf_counter() - began)
    return median(times), sum(not query["sql"].startswith("SET search_path") for query in asked.captured_queries)


def _tell(rows: Sequence[Institution], cap: FeeCap, chance: random.Random) -> None:
    now = house.now()
    for one in rows:
        told = {"institution": one, "first_told_at": now, "told_at": now}
        starts = [now + timedelta(hours=chance.randrange(-9000, 400)) for _n in range(SITTINGS)]
        ToldSitting.objects.bulk_create(
            ToldSitting(
                id=uuid7(), position="SGY-TJ", starts_at=at, ends_at=at + timedelta(hours=2), site="-", candidates=30,
                state=SittingState.FINALISED if at < now else SittingState.FILED, **told,
            )
            for at in starts
        )  # fmt: skip
        ToldIncident.objects.bulk_create(
            ToldIncident(
                id=uuid7(), kind="other", severity=chance.choice(Severity.values), words="-",
                happened_at=now - timedelta(hours=chance.randrange(9000)), **told,
            )
            for _n in range(INCIDENTS)
        )  # fmt: skip
        ToldPrice.objects.bulk_create(
            ToldPrice(
                id=uuid7(), class_id=uuid7(), class_name="-", position="SGY-TJ", fee_item="training",
                unit=cap.unit, amount=Money(chance.randrange(100_000)), cap=cap, bound=Money(100_000),
                published_at=now - timedelta(hours=chance.randrange(9000)), in_force=chance.random() < 0.5, **told,
            )
            for _n in range(PRICES)
        )  # fmt: skip
