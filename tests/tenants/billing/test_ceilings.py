"""No price above its ceiling: refused in words by the operations, and by the database whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kernel import clock, tenancy
from kernel.errors import Invalid
from kernel.fields import uuid7
from kernel.money import Money
from shared.filings.models import PublishedPrice
from shared.policy.operations import caps
from tenants.billing.models import Order, OrderLine, Price
from tenants.billing.operations import orders, prices
from tenants.billing.queries import prices as price_queries


def columns(model: Any, key: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [key])
        assert cursor.description is not None
        return dict(zip([c.name for c in cursor.description], cursor.fetchone(), strict=True))


def insert(model: Any, row: dict[str, Any], **changes: Any) -> None:
    """Copy a row by raw SQL, with changes: what somebody could try who goes round our code."""
    row = row | {"id": uuid7()} | changes
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', list(row.values()))


@pytest.fixture
def priced(school: Any) -> dict[str, Any]:
    """The columns of a withdrawn price of ¥880 under a ceiling of ¥1,000 (so that a copy may be inserted)."""
    school.cap()
    training_class = school.training_class()
    price = school.price(training_class.pk, Money(88_000))
    prices.withdraw_price(price_id=price.pk, by=school.principal, at=school.at)
    return columns(Price, price.pk)


def test_a_price_at_its_ceiling_is_published_and_told(school: Any) -> None:
    cap = school.cap()
    training_class = school.training_class()
    price = school.price(training_class.pk, Money(90_000), addons=Money(10_000))
    assert (price.max_amount, price.cap_id, price.unit, price.quantity) == (Money(100_000), cap.id, "person", 1)
    filed_price = PublishedPrice.objects.get(pk=price.pk)
    assert (filed_price.amount, filed_price.max_amount, filed_price.in_force) == (Money(100_000), Money(100_000), True)


@pytest.mark.parametrize(("amount", "addons"), [(100_001, 0), (100_000, 1), (1, 100_000)])
def test_a_fee_above_the_cap_is_refused(school: Any, amount: int, addons: int) -> None:
    school.cap()
    training_class = school.training_class()
    with pytest.raises(prices.CapExceeded) as refused:
        school.price(training_class.pk, Money(amount), addons=Money(addons))
    assert "¥1,000.00" in str(refused.value)
    assert "演示〔2026〕1号" in str(refused.value)
    assert not Price.objects.exists()
    assert not PublishedPrice.objects.exists()


def test_without_a_ceiling_nothing_can_be_published_and_the_words_name_who_must_enter_it(school: Any) -> None:
    training_class = school.training_class()
    with pytest.raises(prices.NoCap) as refused:
        school.price(training_class.pk, Money(1))
    assert "江西省住房和城乡建设厅" in str(refused.value)
    assert not Price.objects.exists()


def test_the_decision_that_there_is_no_ceiling_is_a_ceiling_of_its_own_kind(school: Any) -> None:
    cap = school.cap(ceiling=None)
    training_class = school.training_class()
    price = school.price(training_class.pk, Money(10**13), addons=Money(10**13))
    assert (price.cap_id, price.cap_kind) == (cap.id, "uncapped_decision")
    (value,) = price_queries.on_sale([training_class.pk], school.at)[training_class.pk]
    assert (value.ceiling, value.amount) == (None, Money(2 * 10**13))


def test_a_ceiling_per_class_hour_is_paid_for_every_hour_of_the_class(school: Any) -> None:
    school.cap(unit="class-hour", ceiling=Money(2_500))
    training_class = school.training_class()
    price = school.price(training_class.pk, Money(2_000), unit="class-hour")
    assert (price.amount, price.quantity, price.total) == (Money(2_000), 40, Money(80_000))
    with pytest.raises(prices.CapExceeded):
        school.price(training_class.pk, Money(2_501), unit="class-hour")


def test_the_row_itself_can_be_copied(school: Any, priced: dict[str, Any]) -> None:
    insert(Price, priced, withdrawn_at=None)
    assert Price.objects.filter(withdrawn_at=None).count() == 1


def test_the_database_refuses_a_foreign_ceiling_a_false_one_none_and_a_sum_above(
    school: Any, priced: dict[str, Any]
) -> None:
    foreign = school.cap(position="CLY", ceiling=Money(900_000))
    other_item = school.cap(fee_item="material", ceiling=Money(900_000))
    attempts: list[dict[str, Any]] = [
        {"cap_id": foreign.id, "max_amount": 900_000},  # another position's ceiling, named as if it were for all
        {"cap_id": foreign.id, "max_amount": 900_000, "cap_position": "CLY"},  # and named as what it is
        {
            "cap_id": foreign.id,
            "max_amount": 900_000,
            "cap_position": "CLY",
            "position": "CLY",
        },  # the class has another
        {"cap_id": other_item.id, "max_amount": 900_000},  # another item's ceiling
        {"max_amount": 900_000},  # the right ceiling with a false amount
        {"cap_id": None},
        {"max_amount": None},
        {"base": 100_001},
        {"addons": 12_001},
        {"base": 2**63 - 1, "addons": 2**63 - 1},
        {"base": -1},
        {"unit": "attempt"},
        {"quantity": 2},
        {"class_hours": 400, "unit": "class-hour", "quantity": 400},
        {"cap_in_force": False},  # a live ceiling called ended, which nothing would take off sale later
    ]
    for changes in attempts:
        with pytest.raises(IntegrityError):
            insert(Price, priced, **changes)
    assert Price.objects.count() == 1


def test_the_database_refuses_to_change_a_price_or_its_class_behind_it(school: Any, priced: dict[str, Any]) -> None:
    for statement in (
        "UPDATE billing_price SET base = 100001",
        "UPDATE billing_price SET max_amount = 900000",
        "UPDATE courses_trainingclass SET class_hours = 400",
        "UPDATE courses_trainingclass SET position = 'CLY'",
        "DELETE FROM public.policy_feecap",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert columns(Price, priced["id"]) == priced


def test_an_order_line_is_held_like_a_price(school: Any) -> None:
    training_class = school.open_class()
    _enrolment, order = school.ordered(training_class.pk, school.person())
    line = columns(OrderLine, order.lines.get().pk)
    foreign = school.cap(position="CLY", ceiling=Money(900_000))
    for changes in (
        {"cap_id": foreign.id, "max_amount": 900_000},
        {"cap_id": foreign.id, "max_amount": 900_000, "cap_position": "CLY"},
        {"max_amount": 900_000},
        {"cap_id": None},
        {"base": 100_001},
        {"addons": 12_001},
        {"quantity": 2},
        {"fee_item": "test"},
        {"price_id": uuid7()},
    ):
        with pytest.raises(IntegrityError):
            insert(OrderLine, line | {"order_id": order.pk}, **({"fee_item": "training"} | changes))
    assert OrderLine.objects.count() == 1


def test_a_ceiling_that_ends_takes_its_prices_off_sale_in_the_same_statement(school: Any) -> None:
    cap = school.cap()
    training_class = school.open_class()
    with tenancy.open_public():
        last = school.day - timedelta(days=1)
        caps.end_cap(cap_id=cap.id, last_day=last, why="演示", proposed_by=uuid7(), by=school.officer, at=school.at)
    price = Price.objects.get()
    assert (price.cap_in_force, price.withdrawn_at) == (False, None)
    assert price_queries.on_sale([training_class.pk], school.at) == {}
    assert prices.retire_prices(at=school.at) == 1
    assert PublishedPrice.objects.get(pk=price.pk).in_force is False
    price.refresh_from_db()
    assert price.withdrawn_at == school.at


def test_a_lower_ceiling_is_met_at_the_order_even_where_the_price_is_older(school: Any) -> None:
    cap = school.cap()
    training_class = school.open_class(amount=Money(88_000))
    enrolment = school.applied(training_class.pk, school.person())
    tomorrow = school.at + timedelta(days=1)
    with tenancy.open_public():
        caps.end_cap(
            cap_id=cap.id, last_day=school.day, why="演示", proposed_by=uuid7(), by=school.officer, at=school.at
        )
    school.cap(ceiling=Money(80_000), effective_from=clock.legal_day(tomorrow), document_no="演示〔2026〕2号")
    with pytest.raises(prices.CapExceeded) as refused:
        orders.place_order(enrolment_id=enrolment.pk, by=school.registrar, at=tomorrow)
    assert "演示〔2026〕2号" in str(refused.value)
    enrolment.refresh_from_db()
    training_class.refresh_from_db()
    assert (enrolment.state, training_class.seats_taken, Order.objects.count()) == ("eligible", 0, 0)


def test_a_line_keeps_the_ceiling_of_the_order_s_day(school: Any) -> None:
    cap = school.cap()
    training_class = school.open_class(amount=Money(70_000))
    tomorrow = school.at + timedelta(days=1)
    with tenancy.open_public():
        caps.end_cap(
            cap_id=cap.id, last_day=school.day, why="演示", proposed_by=uuid7(), by=school.officer, at=school.at
        )
    newer = school.cap(ceiling=Money(80_000), effective_from=clock.legal_day(tomorrow))
    enrolment = school.applied(training_class.pk, school.person())
    order = orders.place_order(enrolment_id=enrolment.pk, by=school.registrar, at=tomorrow)
    line = order.lines.get()
    assert (line.cap_id, line.max_amount, line.base) == (newer.id, Money(80_000), Money(70_000))


def test_a_new_price_replaces_the_old_one(school: Any) -> None:
    school.cap()
    training_class = school.training_class()
    old = school.price(training_class.pk, Money(90_000))
    new = school.price(training_class.pk, Money(80_000))
    assert [p.id for p in price_queries.on_sale([training_class.pk], school.at)[training_class.pk]] == [new.pk]
    assert PublishedPrice.objects.get(pk=old.pk).in_force is False


def test_a_class_without_a_training_fee_is_not_opened(school: Any) -> None:
    school.cap("material")
    training_class = school.training_class()
    school.price(training_class.pk, Money(100), fee_item="material")
    with pytest.raises(orders.NoPrice):
        orders.open_enrolment(class_id=training_class.pk, by=school.registrar, at=school.at)
    training_class.refresh_from_db()
    assert training_class.state == "draft"


def test_an_item_or_unit_that_the_policy_does_not_know_is_refused(school: Any) -> None:
    training_class = school.training_class()
    for item, unit in (("gift", ""), ("training", "attempt")):
        with pytest.raises(Invalid):
            school.price(training_class.pk, Money(1), fee_item=item, unit=unit)
    assert not Price.objects.exists()


def test_an_amount_below_nothing_is_refused(school: Any) -> None:
    school.cap()
    training_class = school.training_class()
    with pytest.raises(Invalid):
        school.price(training_class.pk, Money(-1))
    assert not Price.objects.exists()


def test_another_institution_s_price_is_not_there(school: Any, other_school: Any) -> None:
    school.open_class()
    with tenancy.open_institution(other_school.institution):
        assert not Price.objects.exists()
