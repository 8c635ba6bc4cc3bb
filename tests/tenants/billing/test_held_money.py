"""The database's own rules of money: each tried by raw SQL as the login that owns the tables, and refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel import tenancy
from kernel.fields import uuid7
from kernel.money import Money
from shared.policy.models import FeeCap
from shared.policy.operations import caps
from tenants.billing.models import Order, OrderLine, Payment, Price, ReceiptCounter, Refund
from tenants.billing.operations import orders, prices, refunds
from tenants.billing.queries import orders as order_queries

FEE = Money(88_000)
TABLES = (Price, Order, OrderLine, Payment, Refund, ReceiptCounter)


def rows(*models: Any) -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models or TABLES}


@contextmanager
def settled() -> Iterator[None]:
    """A transaction of the owner, with what is asked at its end asked at once."""
    with tenancy.as_owner(), transaction.atomic():
        yield
        _check()


def _check() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def copy(model: Any, key: Any, **changes: Any) -> None:
    """Insert a copy of a row with changes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE {model._meta.pk.name} = %s", [key])
        assert cursor.description is not None
        row = dict(zip([c.name for c in cursor.description], cursor.fetchone(), strict=True)) | changes
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(row.values()))


def refuse(act: Callable[[], object]) -> None:
    """Expect the database to refuse, and nothing to be changed."""
    before = rows()
    with pytest.raises(IntegrityError), settled():
        act()
    assert rows() == before


def other_ceiling(cap_id: Any, **changes: Any) -> Any:
    """A ceiling as it stands, but for these columns."""
    row = FeeCap.objects.get(pk=cap_id)
    row.pk = uuid7()
    for name, value in changes.items():
        setattr(row, name, value)
    with tenancy.as_owner():
        row.save(force_insert=True)
    return row.pk


@pytest.fixture
def paid(school: Any) -> Any:
    """A payment of ¥880 for an order of ¥880."""
    _enrolment, order, payment = school.paid(school.open_class().pk, school.person())
    _check()
    order.refresh_from_db()
    return payment


@pytest.mark.parametrize(
    "shift", [{"jurisdiction": "420000"}, {"effective_from": 1}, {"effective_from": -9, "effective_to": -1}]
)
def test_a_price_names_a_ceiling_of_the_own_province_that_is_in_force_that_day(
    school: Any, shift: dict[str, Any]
) -> None:
    cap = school.cap()
    price = school.price(school.training_class().pk, FEE)
    prices.withdraw_price(price_id=price.pk, by=school.principal, at=school.at)
    days = {key: school.day + timedelta(days=n) if isinstance(n, int) else n for key, n in shift.items()}
    foreign = other_ceiling(cap.id, **{"fee_item": "training", "position": price.position} | days)
    changes = {"id": uuid7(), "withdrawn_at": None, "cap_id": foreign, "cap_position": price.position}
    refuse(lambda: copy(Price, price.pk, **changes))


def test_a_ceiling_for_every_position_does_not_count_where_the_position_has_its_own(school: Any) -> None:
    school.cap(ceiling=Money(100_000))
    price = school.price(school.training_class().pk, FEE)
    prices.withdraw_price(price_id=price.pk, by=school.principal, at=school.at)
    school.cap(position=price.position, ceiling=Money(1_000))
    refuse(lambda: copy(Price, price.pk, id=uuid7(), withdrawn_at=None))


def test_a_line_names_a_ceiling_in_force_on_the_day_of_its_order(school: Any) -> None:
    cap = school.cap()
    training_class = school.open_class()
    enrolment = school.applied(training_class.pk, school.person())
    with tenancy.open_public():
        caps.end_cap(
            cap_id=cap.id, last_day=school.day, why="演示换文", proposed_by=uuid7(), by=school.officer, at=school.at
        )
    school.cap(ceiling=Money(90_000), effective_from=school.day + timedelta(days=1))
    tomorrow = orders.place_order(enrolment_id=enrolment.pk, by=school.registrar, at=school.at + timedelta(days=1))
    stale = {"cap_id": cap.id, "max_amount": 100_000}
    other = uuid7()

    def place() -> None:
        execute("UPDATE billing_order SET state = 'cancelled'")
        copy(Order, tomorrow.pk, id=other, number="another", state="open")
        copy(OrderLine, tomorrow.lines.get().pk, id=uuid7(), order_id=other, **stale)

    refuse(place)
    stale.clear()
    with settled():
        place()
    assert OrderLine.objects.filter(order_id=other).count() == 1


def test_a_line_asks_what_its_price_asks_and_is_not_changed_afterwards(school: Any) -> None:
    _enrolment, order = school.ordered(school.open_class(amount=Money(50_000)).pk, school.person())
    line = order.lines.get()

    def dearer() -> None:
        execute("UPDATE billing_order SET state = 'cancelled'")
        copy(Order, order.pk, id=(other := uuid7()), number="another", state="open")
        copy(OrderLine, line.pk, id=uuid7(), order_id=other, base=60_000)

    refuse(dearer)
    refuse(lambda: execute("UPDATE billing_orderline SET base = 60000"))
    refuse(lambda: execute("DELETE FROM billing_orderline"))


def test_no_line_is_added_to_an_order_that_was_paid_in_the_same_transaction(school: Any, paid: Any) -> None:
    line = OrderLine.objects.get()
    refuse(lambda: copy(OrderLine, line.pk, id=uuid7(), fee_item="material"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_price SET base = 1",
        "DELETE FROM billing_price",
        "UPDATE billing_order SET number = 'another'",
        "UPDATE billing_order SET state = 'open'",
        "UPDATE billing_order SET state_since = now()",
        "UPDATE billing_payment SET amount = amount + 1",
        "UPDATE billing_payment SET receipt_n = 7",
        "UPDATE billing_payment SET reference = 'another'",
        "DELETE FROM billing_payment",
        "TRUNCATE billing_payment CASCADE",
        "UPDATE billing_receiptcounter SET last = 0",
        "UPDATE billing_receiptcounter SET last = last",
        "UPDATE billing_receiptcounter SET last = last + 1",
        "UPDATE billing_receiptcounter SET last = last + 2",
        "UPDATE billing_receiptcounter SET year = year + 1",
        "DELETE FROM billing_receiptcounter",
        "TRUNCATE billing_receiptcounter",
        "INSERT INTO billing_receiptcounter (year, last) VALUES (1999, 1)",
    ],
)
def test_what_is_written_about_money_stays(paid: Any, statement: str) -> None:
    refuse(lambda: execute(statement))


def _another(payment: Any, **changes: Any) -> None:
    """A second payment as the application would write it, with its receipt."""
    execute("UPDATE billing_receiptcounter SET last = last + 1")
    number = ReceiptCounter.objects.get().last
    copy(Payment, payment.pk, **{"id": uuid7(), "reference": f"slip {number}", "receipt_n": number} | changes)


def test_payments_do_not_exceed_their_order(paid: Any) -> None:
    refuse(lambda: _another(paid))
    refuse(lambda: _another(paid, amount=1))


def test_a_cancelled_order_takes_no_payment(school: Any, paid: Any) -> None:
    enrolment, order = school.ordered(paid.order.enrolment.training_class_id, school.person("演示乙"))
    orders.withdraw(enrolment_id=enrolment.pk, why="不再报考", by=school.registrar, at=school.at)
    refuse(lambda: _another(paid, order_id=order.pk))


def test_a_receipt_leaves_no_gap_and_has_its_counter(school: Any, paid: Any) -> None:
    _enrolment, order = school.ordered(paid.order.enrolment.training_class_id, school.person("演示乙"))
    common = {"id": uuid7(), "order_id": order.pk, "reference": "slip"}
    for number in (1, 2, 3):
        refuse(lambda number=number: copy(Payment, paid.pk, **common, receipt_n=number))  # type: ignore[misc]  # bound
    refuse(lambda: _another(paid, order_id=order.pk, receipt_n=3))
    refuse(lambda: copy(Payment, paid.pk, **common, receipt_year=1999, receipt_n=1))
    with settled():
        _another(paid, order_id=order.pk)
    assert list(Payment.objects.order_by("receipt_n").values_list("receipt_n", flat=True)) == [1, 2]


def test_what_goes_back_is_no_more_than_came_in_and_refunds_move_along_their_chart(school: Any, paid: Any) -> None:
    refunds.refund(payment_id=paid.pk, amount=Money(1_000), why="多收资料费", by=school.cashier, at=school.at)
    _check()
    (refund,) = Refund.objects.all()
    for statement in (
        "UPDATE billing_refund SET amount = 1",
        "UPDATE billing_refund SET other_method = 'cash'",
        "UPDATE billing_refund SET state = 'requested'",
        "DELETE FROM billing_refund",
    ):
        refuse(lambda statement=statement: execute(statement))  # type: ignore[misc]  # bound in the loop
    refuse(lambda: copy(Refund, refund.pk, id=uuid7(), amount=87_001))
    with settled():
        copy(Refund, refund.pk, id=uuid7(), amount=87_001, state="failed")
        copy(Refund, refund.pk, id=uuid7(), amount=87_000, state="requested")
    assert order_queries.payment_row(paid.pk).refunded_amount == Money(88_000)
