"""The demonstration province: loaded whole, by the operations that people use, and loaded again without a change."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from infra.demo import loading
from infra.demo.accounts import PLATFORM, STAFF, TRAINEE
from infra.demo.institutions import LISTED, institution
from infra.demo.management.commands import demo_table
from infra.stack.preparation import _width, render
from kernel import clock, later, tenancy
from shared.certificates.models import Certificate
from shared.identity import queries as identity
from shared.identity.models import Person
from shared.institutions.models import Organisation
from shared.rankings.models import Rating, StarRun
from tenants.billing.models import Order, Payment
from tenants.courses.models import TrainingClass
from tenants.exams.models import Attempt, Sitting
from tenants.rosters.models import Enrolment


@pytest.fixture
def demonstration(public_db: None, settings: Any) -> Iterator[None]:
    """Load every stage, as `manage.py load_demo` does."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.TENANT_LIMIT_SET_CALLS = True
    settings.NUOXING_DEMO = True
    _load()
    yield
    tenancy.enter(None)


def _load() -> None:
    for stage in loading.STAGES:
        stage.load()
        later.drain(until=clock.real_now())


def _counts() -> dict[str, dict[Any, int]]:
    """Count what people see, by where it stands."""
    found: dict[str, dict[Any, int]] = {
        "organisations": Counter(Organisation.objects.exclude(address="演示路1号").values_list("state", flat=True)),
        "people": {"": Person.objects.count()},
        "certificates": Counter(Certificate.objects.values_list("state", flat=True)),
        "ratings": Counter(Rating.objects.values_list("year", flat=True)),
        "runs": Counter(StarRun.objects.values_list("year", "state")),
    }
    with tenancy.open_institution(institution(LISTED)):
        for name, model in (
            ("classes", TrainingClass),
            ("enrolments", Enrolment),
            ("orders", Order),
            ("sittings", Sitting),
            ("attempts", Attempt),
        ):
            found[name] = Counter(model._default_manager.values_list("state", flat=True))
        found["payments"] = {"": Payment.objects.count()}
    return found


@pytest.mark.long
def test_the_whole_province_is_loaded_once_however_often_it_is_asked_for(demonstration: None) -> None:
    year = clock.real_now().astimezone(clock.CHINA).year
    first = _counts()

    assert first == {
        "organisations": {"listed": 1, "not_enrolling": 1, "registered": 2},
        "people": {"": 60},
        "certificates": {"issued": 21},
        "ratings": {year - 2: 47, year - 1: 49},
        "runs": {(year - 2, "published"): 1, (year - 1, "published"): 1},
        "classes": {"closed": 1, "running": 1, "open": 2},
        "enrolments": {
            "completed": 21,
            "confirmed": 29,
            "enrolled": 4,
            "eligible": 1,
            "refused": 3,
            "withdrawn": 2,
        },
        "orders": {"paid": 50, "open": 4, "cancelled": 2},
        "sittings": {"finalised": 1, "filed": 1, "checkin_open": 1},
        "attempts": {"confirmed": 23, "absent": 1, "checked_in": 4, "prepared": 3},
        "payments": {"": 50},
    }
    _load()
    assert _counts() == first
    _the_trainee_is_in_the_room()
    _the_table_fits()


def _the_trainee_is_in_the_room() -> None:
    account = identity.account_by_identifier(TRAINEE.identifier)
    assert account is not None
    me = identity.person_of(account.id)
    assert me is not None
    with tenancy.open_institution(institution(LISTED)):
        mine = Attempt.objects.get(candidacy__person_id=me.id)
        assert mine.state == "checked_in"
        assert mine.sitting.starts_at - clock.real_now() < timedelta(minutes=15)


def _the_table_fits() -> None:
    out = StringIO()
    call_command(demo_table.Command(), stdout=out)
    tables = json.loads(out.getvalue())
    sign_ins = next(iter(tables.values()))
    assert [row["account"] for row in sign_ins] == [p.identifier for p in (*PLATFORM, *STAFF, TRAINEE)]
    assert max(map(_width, render(tables).splitlines())) <= 100
