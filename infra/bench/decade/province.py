"""The shared schema after ten years: institutions with their notices, sittings, prices, certificates and stars."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from infra.bench import fixtures  # sets Django up, which what follows needs
from kernel import tenancy
from kernel.fields import uuid7
from kernel.money import Money
from shared.certificates.models import Certificate
from shared.certificates.states import CertificateState
from shared.filings.models import ClassVersion, IncidentVersion, PriceVersion, SittingVersion
from shared.filings.states import ClassState, Severity, SittingState
from shared.identity.models.people import Person
from shared.institutions.models import Institution, StandingEntry
from shared.institutions.states import Standing
from shared.policy.models import FeeCap
from shared.policy.queries import packs as pack_queries
from shared.policy.states import CapKind, Unit
from shared.rankings import methods as ranking_methods
from shared.rankings.models import StarResult, StarRun
from shared.rankings.queries import questions as ranking_questions
from shared.rankings.states import RunState
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import PublicNotice
from shared.registry.states import Ending, State

INSTITUTIONS = 500
YEARS = 10
NOTICES = 3  # of each institution: listed once and verified anew twice
RUNNING = 12  # notices that have not ended
SITTINGS, INCIDENTS, PRICES, CLASSES = 40, 8, 12, 40  # filed by each institution
IN_FORCE = 2  # of an institution's prices; each is of a class that takes enrolments
PEOPLE = 4_000
CERTIFICATES = 10_000
POSITIONS = ("SGY-TJ", "ZLY-TJ", "CLY")


@dataclass(frozen=True, slots=True)
class Province:
    """What the pages of an institution go on with."""

    institutions: Sequence[Institution]
    people: Sequence[Person]
    cap: FeeCap
    policy: str


@tenancy.as_owner()  # what was done over years is laid down in its last state
def fill(chance: random.Random) -> Province:
    """Generate the shared schema's ten years; the shared tables stand and hold the law."""
    rows = fixtures.institutions(INSTITUTIONS)
    for one in rows:
        one.positions = list(POSITIONS)
        one.stars, one.star_year, one.star_count = chance.randrange(1, 6), fixtures.now().year - 1, 40
    Institution.objects.bulk_update(rows, ["positions", "stars", "star_year", "star_count"])
    StandingEntry.objects.bulk_create(
        [StandingEntry(organisation=one.organisation, state=Standing.LISTED, since=one.listed_at) for one in rows]
    )
    law = pack_queries.pack_at(fixtures.now()).version
    cap = FeeCap.objects.create(
        jurisdiction=fixtures.PROVINCE, document_no="bench", fee_item="training", unit=Unit.PERSON, kind=CapKind.CAPPED,
        ceiling=Money(100_000), effective_from=date(2010, 1, 1), entered_at=fixtures.now(),
    )  # fmt: skip
    people = [_person(n) for n in range(PEOPLE)]
    Person.objects.bulk_create(people)
    _notices(rows, law, chance)
    _filed_facts(rows, cap, chance)
    Certificate.objects.bulk_create(_certificates(rows, people, law, chance), batch_size=1000)
    for year in range(fixtures.now().year - YEARS, fixtures.now().year):
        _stars(rows, year, chance)
    return Province(rows, people, cap, law)


def _person(n: int) -> Person:
    return Person(
        name=f"Trainee {n:05d}", id_type="passport", id_number=f"B{n:08d}", id_blind=n.to_bytes(32, "big"),
        made_at=fixtures.now(),
    )  # fmt: skip


def _notices(rows: Sequence[Institution], law: str, chance: random.Random) -> None:
    """Post what has ended over the years, and a dozen that run."""
    commitments, notices = [], []
    for n in range(len(rows) * NOTICES):
        runs = n < RUNNING
        at = fixtures.now() - timedelta(days=2 if runs else chance.randrange(30, 365 * YEARS))
        commitment = Commitment(
            organisation=rows[n % len(rows)].organisation, authority_code=fixtures.AUTHORITY, policy=law,
            positions=list(POSITIONS), version=1, submitted_at=at, due_on=at.date(), created_at=at,
            state=State.NOTICE if runs else State.LISTED, state_since=at,
        )  # fmt: skip
        ended = {} if runs else {"ended_at": at + timedelta(days=9), "ending": Ending.values[0]}
        due = (at + timedelta(days=8)).date()
        commitments.append(commitment)
        notices.append(PublicNotice(commitment=commitment, version=1, posted_at=at, due_on=due, policy=law, **ended))
    Commitment.objects.bulk_create(commitments)
    PublicNotice.objects.bulk_create(notices)


def _filed_facts(rows: Sequence[Institution], cap: FeeCap, chance: random.Random) -> None:
    now, days = fixtures.now(), 365 * YEARS
    for one in rows:
        filed = {"institution": one, "first_received_at": now, "received_at": now}
        starts = [now + timedelta(days=chance.randrange(-days, 20)) for _n in range(SITTINGS)]
        SittingVersion.objects.bulk_create(
            SittingVersion(
                fact_id=uuid7(), position="SGY-TJ", starts_at=at, ends_at=at + timedelta(hours=2), site="-",
                candidates=30, state=SittingState.FINALISED if at < now else SittingState.FILED, **filed,
            )
            for at in starts
        )  # fmt: skip
        IncidentVersion.objects.bulk_create(
            IncidentVersion(
                fact_id=uuid7(), kind="other", severity=chance.choice(Severity.values), words="-",
                happened_at=now - timedelta(days=chance.randrange(days)), **filed,
            )
            for _n in range(INCIDENTS)
        )  # fmt: skip
        classes = [_filed_class(n, filed, chance) for n in range(CLASSES)]
        ClassVersion.objects.bulk_create(classes)
        PriceVersion.objects.bulk_create(
            PriceVersion(
                fact_id=uuid7(), class_id=classes[n].fact_id, class_name="-", position="SGY-TJ", fee_item="training",
                unit=cap.unit, amount=Money(chance.randrange(100_000)), cap=cap, max_amount=Money(100_000),
                in_force=n < IN_FORCE,
                published_at=now - timedelta(days=chance.randrange(days)), **filed,
            )
            for n in range(PRICES)
        )  # fmt: skip


def _filed_class(n: int, filed: Mapping[str, Any], chance: random.Random) -> ClassVersion:
    """A class of those years; the first ones take enrolments."""
    is_open = n < IN_FORCE
    begins = fixtures.now().date() + timedelta(days=chance.randrange(1, 90) if is_open else -chance.randrange(30, 3650))
    ends = begins + timedelta(days=20)
    return ClassVersion(
        fact_id=uuid7(), name=f"Class {n:03d}", position=POSITIONS[n % len(POSITIONS)], programme="Programme",
        class_hours=100, division_code="360102", place="Room 1", starts_on=begins, ends_on=ends, enrols_until=ends,
        seats=30, state=ClassState.OPEN if is_open else ClassState.CLOSED, **filed,
    )  # fmt: skip


def _certificates(
    rows: Sequence[Institution], people: Sequence[Person], law: str, chance: random.Random
) -> Iterator[Certificate]:
    for n in range(CERTIFICATES):
        at = fixtures.now() - timedelta(days=chance.randrange(365 * YEARS))
        yield Certificate(
            person=people[n % len(people)], institution=rows[n % len(rows)], attempt_id=uuid7(),
            holder=people[n % len(people)].name, position=POSITIONS[n // len(people)], score=Decimal("81.5"),
            tested_on=at.date(), policy=law, requested_at=at, number=f"BENCH{n:08d}", issued_on=at.date(), version=1,
            state=CertificateState.ISSUED, state_since=at,
        )  # fmt: skip


def _stars(rows: Sequence[Institution], year: int, chance: random.Random) -> None:
    """Publish a year's stars, with inputs as large as a run of these institutions freezes."""
    at = fixtures.now() - timedelta(days=365 * (fixtures.now().year - 1 - year))
    method: ranking_methods.StarMethod = ranking_questions.method_at(fixtures.now())
    counts = {item.key: (1, 2, 3, 4, 30) for item in method.items}
    tally = ranking_methods.Tally(40, counts, (1, 2, 3, 4, 30))
    inputs = [ranking_methods.Entrant(str(o.pk), o.name, 50, tally, None, "0" * 64).to_json() for o in rows]
    run = StarRun.objects.create(
        year=year, revision=1, policy=method.policy, method=method.to_json(), inputs=inputs, input_digest="0" * 64,
        result_digest="1" * 64, prepared_by=uuid7(), prepared_at=at, published_by=uuid7(), published_at=at,
        state=RunState.PUBLISHED, state_since=at,
    )  # fmt: skip
    StarResult.objects.bulk_create(_result(run, one, n, chance) for n, one in enumerate(rows))


def _result(run: StarRun, one: Institution, place: int, chance: random.Random) -> StarResult:
    figures: dict[str, Any] = dict.fromkeys(("learner", "authority", "total"), Decimal(90 - place // 10))
    return StarResult(
        run=run, institution=one, name=one.name, n=40, eligible=50, stars=chance.randrange(1, 6), place=place + 1,
        spread=[1, 2, 3, 4, 30], **figures,
    )  # fmt: skip
