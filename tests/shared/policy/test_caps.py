"""Ceilings: who may enter them, what holds when, and what the database itself refuses."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import audit, tenancy
from kernel.access import SYSTEM, Actor, Denied
from kernel.errors import Invalid, NotFound, Refusal
from kernel.fields import uuid7
from kernel.money import Money
from shared.policy.models import NO_CEILING, FeeCap
from shared.policy.operations import caps
from shared.policy.queries import caps as cap_queries

pytestmark = pytest.mark.usefixtures("public_db")

TODAY = date(2026, 3, 2)


@pytest.fixture
def enter(officer: Actor, at: datetime) -> Callable[..., cap_queries.FeeCapValue]:
    """Enter a ceiling of 900 yuan a person for training, but for what is said otherwise."""

    def make(**other: Any) -> cap_queries.FeeCapValue:
        values = {"document_no": "赣发改收费〔2016〕920号", "fee_item": "training", "unit": "person"}
        rest = {"ceiling": Money(90000), "effective_from": date(2026, 1, 1), "demo": True, "by": officer, "at": at} | {
            "proposed_by": uuid7()
        }
        return caps.enter_cap(**(values | rest | other))

    return make


Enter = Callable[..., cap_queries.FeeCapValue]


@pytest.mark.parametrize("proposer", ["nobody", "the same person"])
def test_nobody_sets_or_ends_a_ceiling_of_the_province_alone(
    enter: Enter, officer: Actor, at: datetime, proposer: str
) -> None:
    one = None if proposer == "nobody" else officer.account_id
    with pytest.raises(caps.SecondOfficerNeeded):
        enter(proposed_by=one)
    assert FeeCap.objects.count() == 0
    cap = enter()
    with pytest.raises(caps.SecondOfficerNeeded):
        caps.end_cap(cap_id=cap.id, last_day=date(2026, 3, 31), why="新文件", proposed_by=one, by=officer, at=at)
    assert cap_queries.cap(cap.id).effective_to is None


def test_an_entered_ceiling_is_found_from_its_first_to_its_last_day(enter: Enter) -> None:
    cap = enter(effective_to=date(2026, 6, 30))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [cap_queries.cap_at("training", "CLY", "person", day) for day in days] == [None, cap, cap, None]
    assert (cap.ceiling, cap.max_amount, cap.in_force, cap.kind) == (Money(90000), Money(90000), True, "capped")
    assert [cap.allows(Money(fen)) for fen in (90000, 90001)] == [True, False]


def test_a_position_s_own_ceiling_goes_before_that_of_every_position(enter: Enter) -> None:
    everybody, own = enter(), enter(position="CLY", ceiling=Money(80000))
    assert cap_queries.cap_at("training", "CLY", "person", TODAY) == own
    assert cap_queries.cap_at("training", "JXY", "person", TODAY) == everybody
    assert cap_queries.cap_at("training", "CLY", "class-hour", TODAY) is None
    assert cap_queries.cap_at("training", "CLY", "person", TODAY, "430000") is None


def test_no_ceiling_is_a_decision_with_a_note(enter: Enter) -> None:
    with pytest.raises(caps.DecisionNeeded) as refusal:
        enter(ceiling=None)
    assert refusal.value.field == "decision_note"
    assert FeeCap.objects.count() == 0
    cap = enter(ceiling=None, decision_note="演示：由市场调节")
    assert (cap.kind, cap.ceiling, cap.max_amount) == ("uncapped_decision", None, NO_CEILING)
    assert cap.allows(Money(10**15))


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"fee_item": "parking"}, "fee_item"),
        ({"unit": "attempt"}, "unit"),
        ({"unit": "moon"}, "unit"),
        ({"position": "AQY"}, "position"),
        ({"position": "XXX"}, "position"),
        ({"ceiling": Money(-1)}, "ceiling"),
        ({"effective_to": date(2025, 12, 31)}, "effective_to"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(enter: Enter, other: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(**other)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert FeeCap.objects.count() == 0


def test_only_an_officer_of_that_province_enters_and_ends_ceilings(
    enter: Enter, as_actor: Callable[..., Actor], at: datetime
) -> None:
    cap = enter()
    strangers = [as_actor("city_officer", scope="360100"), as_actor("province_officer", scope="430000"), as_actor()]
    for stranger in strangers:
        with pytest.raises(Denied):
            enter(by=stranger, position="CLY")
        with pytest.raises(Denied):
            caps.end_cap(cap_id=cap.id, last_day=TODAY, why="", proposed_by=uuid7(), by=stranger, at=at)
    assert cap_queries.caps() == [cap]
    assert enter(by=SYSTEM, position="CLY").position == "CLY"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 1), None),
        (date(2025, 1, 1), None),
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 6, 30), None),
    ],
)
def test_two_ceilings_for_the_same_never_hold_on_one_day(enter: Enter, first: date, last: date | None) -> None:
    cap = enter(effective_to=date(2026, 6, 30))
    with pytest.raises(caps.CapOverlaps) as refusal:
        enter(effective_from=first, effective_to=last)
    assert refusal.value.field == "effective_from"
    assert "2026-01-01" in str(refusal.value)
    assert cap_queries.caps() == [cap]


def test_the_next_ceiling_begins_the_day_after_the_last(enter: Enter) -> None:
    first = enter(effective_to=date(2026, 6, 30))
    second = enter(effective_from=date(2026, 7, 1), ceiling=Money(70000))
    caps = [cap_queries.cap_at("training", "CLY", "person", day) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert caps == [first, second]


def test_the_database_itself_refuses_what_slips_past_the_form(enter: Enter, at: datetime) -> None:
    row = FeeCap.objects.get(pk=enter().id)
    base = {name: getattr(row, name) for name in ("jurisdiction", "document_no", "fee_item", "unit", "entered_at")}
    faults: list[dict[str, Any]] = [
        {"kind": "capped", "ceiling": Money(1), "effective_from": date(2027, 1, 1)},
        {"kind": "capped", "ceiling": None, "effective_from": TODAY, "position": "CLY"},
        {"kind": "uncapped_decision", "ceiling": Money(1), "effective_from": TODAY, "position": "CLY"},
        {"kind": "uncapped_decision", "ceiling": None, "effective_from": TODAY, "position": "CLY"},
        {"kind": "capped", "ceiling": Money(-1), "effective_from": TODAY, "position": "CLY"},
        {"kind": "capped", "ceiling": Money(1), "effective_from": TODAY, "position": "CLY", "in_force": False},
    ]
    for values in faults:
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeCap.objects.create(**(base | values))
    assert FeeCap.objects.count() == 1


def test_a_ceiling_never_changes_but_for_its_end(enter: Enter) -> None:
    rows = FeeCap.objects.filter(pk=enter().id)
    changes: list[Callable[[], object]] = [
        lambda: rows.update(ceiling=Money(1)),
        lambda: rows.update(position="CLY"),
        lambda: rows.update(demo=False),
        rows.delete,
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
            change()
    assert rows.get().ceiling == Money(90000)


def test_another_table_can_name_a_ceiling_only_as_it_is(enter: Enter) -> None:
    cap, free = enter(), enter(position="CLY", ceiling=None, decision_note="演示")
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE price (cap_id uuid NOT NULL, fee_item text NOT NULL, position text NOT NULL,"
            " unit text NOT NULL, max_amount bigint NOT NULL, amount bigint CHECK (amount <= max_amount))"
        )
        cursor.execute("CREATE TABLE public.price_like (LIKE price INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE public.price_like ADD FOREIGN KEY (cap_id, fee_item, position, unit, max_amount)"
            " REFERENCES policy_feecap (id, fee_item, position, unit, max_amount) DEFERRABLE INITIALLY IMMEDIATE"
        )
        insert = "INSERT INTO public.price_like VALUES (%s, %s, %s, %s, %s, %s)"
        cursor.execute(insert, [cap.id, "training", "", "person", 90000, 90000])
        cursor.execute(insert, [free.id, "training", "CLY", "person", NO_CEILING.fen, 500000])
        for wrong in (
            [cap.id, "training", "", "person", 95000, 95000],
            [cap.id, "training", "CLY", "person", 90000, 100],
            [cap.id, "test", "", "person", 90000, 100],
            [cap.id, "training", "", "person", NO_CEILING.fen, 500000],
            [cap.id, "training", "", "person", None, 500000],
            [cap.id, "training", "", "person", 90000, 90001],
            [uuid.uuid4(), "training", "", "person", 90000, 100],
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(insert, wrong)


def test_a_ceiling_ends_on_the_day_given_and_goes_out_of_force_after_it(
    enter: Enter, officer: Actor, at: datetime
) -> None:
    cap = enter()
    result = caps.end_cap(
        cap_id=cap.id, last_day=date(2026, 3, 31), why="新文件（演示）", proposed_by=uuid7(), by=officer, at=at
    )
    assert (result.effective_to, result.in_force) == (date(2026, 3, 31), True)
    assert caps.expire_caps(at=at) == 0
    assert caps.expire_caps(at=at + timedelta(days=30)) == 1
    assert caps.expire_caps(at=at + timedelta(days=30)) == 0
    assert not cap_queries.cap(cap.id).in_force
    with translation.override("en"):
        steps = cap_queries.cap_history(cap.id)
        life = [(str(step.label), step.actor_name, step.why, step.policy) for step in steps]
    assert life == [
        ("Entered", "演示处长", "", "jiangxi-2020@5"),
        ("Its end was set", "演示处长", "新文件（演示）", "jiangxi-2020@5"),
        ("No longer in force", "", "", ""),
    ]


def test_a_ceiling_that_ends_yesterday_is_out_of_force_at_once(enter: Enter, officer: Actor, at: datetime) -> None:
    cap = enter()
    result = caps.end_cap(cap_id=cap.id, last_day=date(2026, 3, 1), why="演示", proposed_by=uuid7(), by=officer, at=at)
    assert not result.in_force
    assert cap_queries.cap_at("training", "CLY", "person", at) is None
    assert enter(effective_from=TODAY, ceiling=Money(70000)).in_force


@pytest.mark.parametrize("last_day", [date(2026, 2, 28), date(2025, 1, 1), date(2026, 6, 30), date(2026, 7, 1)])
def test_an_end_in_the_past_or_after_the_end_is_refused_and_changes_nothing(
    enter: Enter, officer: Actor, at: datetime, last_day: date
) -> None:
    cap = enter(effective_to=date(2026, 6, 30))
    with pytest.raises(caps.CapCannotEnd) as refusal:
        caps.end_cap(cap_id=cap.id, last_day=last_day, why="演示", proposed_by=uuid7(), by=officer, at=at)
    assert "2026-03-01" in str(refusal.value)
    assert cap_queries.caps() == [cap]


def test_an_unknown_ceiling_is_not_found(officer: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        caps.end_cap(cap_id=uuid.uuid4(), last_day=TODAY, why="", proposed_by=uuid7(), by=officer, at=at)


def test_who_entered_what_under_which_policy_is_noted(enter: Enter) -> None:
    cap = enter()
    (note,) = audit.history(FeeCap(pk=cap.id))
    assert (note.acting_as, note.after["ceiling"], note.policy) == ("province_officer", 90000, "jiangxi-2020@5")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    periods=st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 30))), min_size=1, max_size=6)
)
def test_whatever_is_entered_at_most_one_ceiling_holds_on_any_day(
    enter: Enter, periods: list[tuple[int, int | None]]
) -> None:
    start = date(2026, 1, 1)
    with transaction.atomic():
        for begin, length in periods:
            first = start + timedelta(days=begin)
            try:
                enter(effective_from=first, effective_to=None if length is None else first + timedelta(days=length))
            except Refusal:
                continue
        rows = cap_queries.caps()
        for day in (start + timedelta(days=n) for n in range(100)):
            holding = [cap for cap in rows if cap.effective_from <= day and day <= (cap.effective_to or day)]
            assert len(holding) <= 1
        assert cap_queries.cap_at("training", "CLY", "person", start + timedelta(days=99)) in [None, *rows]
        transaction.set_rollback(True)
