"""The demonstration province: loaded whole, by the operations that people use, and loaded again without a change.

It is loaded once for all the tests of this file, into a database of its own, by the command itself; which is killed in
the middle of its work, and started again.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F, Q

from infra.demo import loading
from infra.demo.accounts import OFFICES, PLATFORM, STAFF, TRAINEE
from infra.demo.actors import actor
from infra.demo.institutions import ALL, LISTED, OVERDUE, REMOVED, SUSPENDED, TRAINING, institution
from infra.demo.management.commands import demo_table
from infra.demo.province import sign_in
from infra.stack.preparation import _width, render
from kernel import clock, later, tenancy
from kernel.models import AuditEntry, Outbox
from shared.certificates.models import Certificate
from shared.filings.models import ClassPlaces, FiledClass, FiledSitting, PublishedPrice, ReportedIncident
from shared.filings.queries import classes as class_queries
from shared.identity.models.people import Person
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.institutions.models import Institution, Organisation, Ruling
from shared.institutions.queries import standings
from shared.policy.queries import calendar as calendar_queries
from shared.rankings.models import Rating, RatingMonth, StarResult, StarRun
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Objection
from shared.registry.queries import commitments
from shared.registry.queries import todos as registry_todos
from tenants.attempts.models.attempts import Attempt, Score
from tenants.billing.models import Order, OrderLine, Price, Refund
from tenants.billing.queries import orders as order_queries
from tenants.courses.models import TrainingClass
from tenants.courses.queries import hours as hour_queries
from tenants.rosters.models import Enrolment
from tenants.sittings.models.sittings import Candidacy, Sitting

pytestmark = [pytest.mark.long, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """Load the demonstration; return what was counted afterwards."""
    usual = connection.settings_dict["NAME"]
    own = f"{usual}_demo"
    with django_db_blocker.unblock():
        _anew(own)
        env = _environment(own, tmp_path_factory.mktemp("state"))
        _manage(env, "migrate_schemas", "--shared", "--noinput")
        _kill_in_the_middle(env)
        _manage(env, "load_demo")
        _turn_to(own)
        tenancy.enter(None)
        yield _counts()
        _turn_to(usual)
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')


def _anew(name: str) -> None:
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')


def _turn_to(name: str) -> None:
    """Let this process work in another database."""
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    connection.settings_dict["NAME"] = name
    tenancy.clear_host_cache()


def _environment(database: str, state: Path) -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])
    own = {"DATABASE_URL": urlunsplit(url._replace(path=f"/{database}")), "NUOXING_DEMO": "1"}
    return os.environ | own | {"NUOXING_STATE": str(state), "NUOXING_FAKES_URL": ""}


def _manage(env: dict[str, str], *words: str) -> None:
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def _kill_in_the_middle(env: dict[str, str]) -> None:
    """Begin to load, and kill it with all it started while the institutions train."""
    command = [sys.executable, "-u", "manage.py", "load_demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as begun:
        assert begun.stdout is not None
        for line in begun.stdout:
            if line.startswith("institutions"):
                break
        time.sleep(3)
        os.killpg(begun.pid, signal.SIGKILL)


@pytest.fixture
def province(demonstration: dict[str, Any], db: None, settings: Any) -> Iterator[dict[str, Any]]:
    """The loaded province; whatever a test does to it is undone after it."""
    settings.NUOXING_DEMO = True
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    tenancy.enter(None)
    yield demonstration
    tenancy.enter(None)


def _load() -> None:
    for stage in loading.STAGES:
        stage.load()
        later.drain(until=clock.real_now())


def _counts() -> dict[str, Any]:
    """Count what people see, by where it stands."""
    counts: dict[str, Any] = {
        "organisations": Counter(Organisation.objects.values_list("state", flat=True)),
        "commitments": Counter(Commitment.objects.values_list("kind", "state")),
        "objections": Counter(Objection.objects.values_list("state", flat=True)),
        "rulings": Counter(Ruling.objects.values_list("kind", flat=True)),
        "people": Person.objects.count(),
        "certificates": Counter(Certificate.objects.values_list("state", flat=True)),
        "runs": sorted(StarRun.objects.values_list("year", "state")),
        "notes": AuditEntry.objects.count(),
    }
    for name, model in (
        ("classes", TrainingClass),
        ("enrolments", Enrolment),
        ("orders", Order),
        ("sittings", Sitting),
        ("attempts", Attempt),
    ):
        total: Counter[str] = Counter()
        for _spec in _each():
            total.update(model._default_manager.values_list("state", flat=True))
        counts[name] = dict(total)
    return counts


def _each() -> Iterator[Any]:
    """Yield the institutions that train, each with its schema open."""
    for spec in TRAINING:
        with tenancy.open_institution(institution(spec)):
            yield spec


def _year() -> int:
    return clock.real_now().astimezone(clock.CHINA).year


def test_there_is_one_institution_in_each_state_of_life(province: dict[str, Any]) -> None:
    assert province["organisations"] == {
        "listed": 2,  # one of them of before the policy, in its self-check
        "not_enrolling": 1,
        "suspended": 1,
        "removed": 1,
        "registered": 3,
    }
    assert province["commitments"] == {
        ("new", "listed"): 4,
        ("new", "under_notice"): 1,
        ("new", "submitted"): 1,
        ("new", "draft"): 1,
        ("self_check", "draft"): 1,
    }
    assert province["objections"] == {"open": 1, "upheld": 1, "dismissed": 1}
    assert province["rulings"] == {"suspend": 2, "remove": 1}


def test_the_verification_that_nobody_made_is_overdue_on_its_authoritys_desk(province: dict[str, Any]) -> None:
    officer = actor(sign_in("city"), at=clock.real_now())
    waiting = commitments.to_verify(officer).get()
    assert waiting.organisation.credit_code == OVERDUE.credit_code
    assert waiting.due_on is not None
    assert -6 <= calendar_queries.working_days_left(clock.real_now(), waiting.due_on) <= -4
    assert [todo.tone for todo in registry_todos.for_officer(officer, clock.real_now())] == ["bad"]


def test_what_was_decided_can_be_read_with_its_reason_and_the_way_of_appeal(province: dict[str, Any]) -> None:
    for spec, kinds in ((SUSPENDED, ["suspend"]), (REMOVED, ["remove", "suspend"])):
        rulings = standings.rulings(Organisation.objects.get(credit_code=spec.credit_code))
        assert [ruling.kind for ruling in rulings] == kinds
        assert all("行政复议" in ruling.reason and "演示" in ruling.document_no for ruling in rulings)


def test_three_hundred_people_are_in_it_each_with_numbers_of_their_own(province: dict[str, Any]) -> None:
    people = [person for _spec in _each() for person in Enrolment.objects.values_list("person_id", flat=True)]
    assert (province["people"], len(people), len(set(people))) == (300, 300, 300)
    assert Person.objects.values("id_blind").distinct().count() == 300
    assert Person.objects.values("mobile_blind").distinct().count() == 300


def test_classes_and_enrolments_stand_at_every_step(province: dict[str, Any]) -> None:
    assert province["classes"] == {"closed": 10, "running": 4, "open": 5}
    assert set(province["enrolments"]) == {
        "completed",
        "confirmed",
        "enrolled",
        "eligible",
        "refused",
        "withdrawn",
    }
    assert set(province["orders"]) == {"paid", "open", "cancelled", "refunded"}


def test_nobody_holds_a_seat_without_being_eligible(province: dict[str, Any]) -> None:
    for _spec in _each():
        assert not Enrolment.objects.exclude(state="refused").filter(rule="").exists()
        assert not Enrolment.objects.filter(state="refused").exclude(rule="").exists()
        ids = list(Enrolment.objects.filter(state__in=["confirmed", "completed"]).values_list("pk", flat=True))
        assert set(Order.objects.filter(state="paid").values_list("enrolment", flat=True)) == set(ids)


def test_only_people_whose_hours_are_complete_were_let_into_a_test(province: dict[str, Any]) -> None:
    for _spec in _each():
        candidates = set(Candidacy.objects.values_list("enrolment_id", flat=True))
        progress = hour_queries.progress_of(candidates)
        assert candidates
        assert all(progress[key].complete for key in candidates)


def test_every_certificate_stands_on_a_test_that_was_passed(province: dict[str, Any]) -> None:
    attempts = set(Certificate.objects.values_list("attempt_id", flat=True))
    passed: set[Any] = set()
    for _spec in _each():
        rows = Score.objects.filter(passed=True, attempt__state="confirmed")
        passed |= set(rows.values_list("attempt_id", flat=True))
    assert attempts == passed
    assert set(province["certificates"]) == {"issued", "revoked"}
    assert province["certificates"]["revoked"] == 1
    assert Certificate.objects.exclude(number__startswith="演示-").count() == 0


def test_ratings_were_given_only_after_a_finished_test(province: dict[str, Any]) -> None:
    tested: Counter[Any] = Counter()
    for spec in _each():
        with_result = Attempt.objects.filter(state="confirmed")
        tested[institution(spec).pk] = with_result.values("candidacy__enrolment_id").distinct().count()
    rated = Counter(Rating.objects.values_list("institution_id", flat=True))
    assert rated
    assert all(count <= tested[key] for key, count in rated.items())
    assert not RatingMonth.objects.filter(n__gt=F("eligible")).exists()


def test_no_price_lies_above_its_marked_ceiling(province: dict[str, Any]) -> None:
    for _spec in _each():
        assert Price.objects.exists()
        for rows in (Price.objects.all(), OrderLine.objects.all()):
            assert not rows.filter(Q(base__gt=F("max_amount")) | Q(cap_demo=False)).exists()
    assert PublishedPrice.objects.filter(in_force=True).count() > 0


def test_what_was_paid_back_is_not_more_than_what_was_paid(province: dict[str, Any]) -> None:
    back = [refund.amount for _spec in _each() for refund in Refund.objects.filter(state="done")]
    assert len(back) == 14  # ten of the institution that was removed, one of each class that enrols
    for _spec in _each():
        assert not order_queries.payments().filter(refunded_amount__gt=F("amount")).exists()


def test_two_finished_years_are_published_with_a_race(province: dict[str, Any]) -> None:
    year = _year()
    assert province["runs"] == [(year - 2, "published"), (year - 1, "published")]
    for run in StarRun.objects.all():
        stars = list(StarResult.objects.filter(run=run).exclude(stars=None).values_list("stars", flat=True))
        assert len(stars) >= 3  # early in a year, when what was removed in autumn was not counted any more
        assert len(set(stars)) >= 3
    assert Institution.objects.get(organisation__credit_code=LISTED.credit_code).star_year == year - 1


def test_tests_lie_behind_go_on_today_and_are_filed_for_the_coming_weeks(province: dict[str, Any]) -> None:
    now = clock.real_now()
    assert province["sittings"]["finalised"] >= 10
    assert (province["sittings"]["checkin_open"], province["sittings"]["running"]) == (1, 1)
    ahead = FiledSitting.objects.filter(state="filed", starts_at__gt=now).values_list("starts_at", flat=True)
    assert len(ahead) == 4
    assert max(ahead) - now < timedelta(days=14)
    assert {incident.severity for incident in ReportedIncident.objects.all()} == {"minor", "serious"}


def test_the_authority_was_told_of_every_sitting_as_it_stands(province: dict[str, Any]) -> None:
    stands: dict[Any, str] = {}
    for _spec in _each():
        stands |= dict(Sitting.objects.values_list("pk", "state"))
    assert dict(FiledSitting.objects.values_list("pk", "state")) == stands


def test_every_class_that_was_opened_is_filed_as_it_stands_with_its_free_places(province: dict[str, Any]) -> None:
    stands: dict[Any, tuple[str, int]] = {}
    for _spec in _each():
        rows = TrainingClass.objects.exclude(state="draft")
        stands |= {row.pk: (row.state, row.free_seats) for row in rows}
    free = dict(ClassPlaces.objects.values_list("pk", "free"))
    filed = dict(FiledClass.objects.values_list("pk", "state"))
    assert {key: (state, free[key]) for key, state in filed.items()} == stands
    assert list(class_queries.enrolling_classes(clock.real_now()))


def test_the_trainee_is_in_the_room(province: dict[str, Any]) -> None:
    account = account_queries.account_by_identifier(TRAINEE.identifier)
    assert account is not None
    me = people_queries.person_of(account.id)
    assert me is not None
    with tenancy.open_institution(institution(LISTED)):
        mine = Attempt.objects.get(candidacy__person_id=me.id)
        assert mine.state == "checked_in"
        assert mine.sitting.starts_at - clock.real_now() < timedelta(minutes=15)


def test_the_table_of_sign_ins_names_everybody_and_fits_a_terminal(province: dict[str, Any]) -> None:
    out = StringIO()
    call_command(demo_table.Command(), stdout=out)
    tables = json.loads(out.getvalue())
    accounts = [row["account"] for rows in tables.values() for row in rows if "account" in row]
    named = {one.identifier for one in (*PLATFORM, *OFFICES, *STAFF, TRAINEE, *(spec.principal for spec in ALL))}
    assert named <= set(accounts)
    assert len(accounts) == len(set(accounts))
    assert all(account_queries.account_by_identifier(one) is not None for one in accounts)
    assert max(map(_width, render(tables).splitlines())) <= 100


def test_loading_again_changes_nothing(province: dict[str, Any]) -> None:
    waiting = Outbox.objects.filter(done_at=None).count()
    _load()
    assert _counts() == province
    assert Outbox.objects.filter(done_at=None).count() == waiting


def test_a_day_later_todays_tests_are_ended_and_others_are_held(
    province: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow: datetime = clock.real_now() + timedelta(days=1)
    monkeypatch.setattr(clock, "real_now", lambda: tomorrow)
    _load()
    now = _counts()
    assert now["sittings"]["checkin_open"] == 1
    assert now["sittings"]["finalised"] >= province["sittings"]["finalised"] + 1
    assert {key: now[key] for key in ("organisations", "people", "runs")} == {
        key: province[key] for key in ("organisations", "people", "runs")
    }
