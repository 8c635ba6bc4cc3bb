"""Several people at the same moment, each on a connection of their own: the last seat, one order's money, receipts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel import tenancy
from kernel.access import Actor
from kernel.fields import uuid7
from kernel.money import Money
from support import committed
from support.races import race
from support.school import School
from tenants.billing.models import Order, OrderLine, Payment, ReceiptCounter, Refund
from tenants.billing.operations import orders, payments, refunds
from tenants.courses.models import Participant, TrainingClass
from tenants.rosters.models import Enrolment

FEE = Money(88_000)


@pytest.fixture
def school(
    django_db_setup: None,
    django_db_blocker: Any,
    as_actor: Callable[..., Actor],
    at: datetime,
) -> Iterator[School]:
    """The first institution at work in committed transactions, which leave nothing behind."""
    with committed.committing(django_db_blocker):
        institution = committed.institution()
        with tenancy.open_institution(institution):
            yield School(institution, at, as_actor)


def _race(school: Any, *acts: Callable[[], object]) -> list[str]:
    return race(*acts, institution=school.institution)


def test_the_last_seat_is_given_once(school: Any) -> None:
    training_class = school.open_class(capacity=1)
    waiting = [school.applied(training_class.pk, school.person(name)) for name in ("演示甲", "演示乙", "演示丙")]

    def order(row: Enrolment) -> Callable[[], object]:
        return lambda: orders.place_order(enrolment_id=row.pk, by=school.registrar, at=school.at)

    assert _race(school, *map(order, waiting)) == ["class-full", "class-full", "done"]
    assert TrainingClass.objects.get().seats_taken == Participant.objects.count() == Order.objects.count() == 1


def test_one_person_ordering_in_two_windows_has_one_order(school: Any) -> None:
    row = school.applied(school.open_class().pk, school.person())

    def order() -> object:
        return orders.place_order(enrolment_id=row.pk, by=school.registrar, at=school.at)

    assert _race(school, order, order) == ["done", "done"]
    assert (Order.objects.count(), TrainingClass.objects.get().seats_taken) == (1, 1)


def test_an_order_paid_at_two_tills_is_paid_once(school: Any) -> None:
    _enrolment, order = school.ordered(school.open_class().pk, school.person())

    def pay() -> object:
        return payments.pay_at_counter(order_id=order.pk, method="cash", amount=FEE, by=school.cashier, at=school.at)

    assert _race(school, pay, pay) == ["done", "order-not-open"]
    assert Payment.objects.count() == 1


def test_paying_and_withdrawing_at_the_same_moment_leave_one_story(school: Any) -> None:
    person = school.person()
    enrolment, order = school.ordered(school.open_class().pk, person)
    went = _race(
        school,
        lambda: payments.pay_at_counter(order_id=order.pk, method="cash", amount=FEE, by=school.cashier, at=school.at),
        lambda: orders.withdraw(enrolment_id=enrolment.pk, why="演示", by=person, at=school.at),
    )
    enrolment.refresh_from_db()
    order.refresh_from_db()
    assert (enrolment.state, TrainingClass.objects.get().seats_taken) == ("withdrawn", 0)
    assert (went, order.state, Payment.objects.count()) in (
        (["done", "done"], "paid", 1),
        (["done", "order-not-open"], "cancelled", 0),
    )


def test_receipts_taken_at_the_same_moment_leave_no_gap(school: Any) -> None:
    training_class = school.open_class()
    orders = [school.ordered(training_class.pk, school.person(name))[1] for name in ("演示甲", "演示乙", "演示丙")]

    def pay(order: Order) -> Callable[[], object]:
        return lambda: payments.pay_at_counter(
            order_id=order.pk, method="cash", amount=FEE, by=school.cashier, at=school.at
        )

    assert _race(school, *map(pay, orders)) == ["done"] * 3
    assert sorted(Payment.objects.values_list("receipt_n", flat=True)) == [1, 2, 3]


def test_two_refunds_at_the_same_moment_give_back_no_more_than_was_paid(school: Any) -> None:
    _enrolment, _order, payment = school.paid(school.open_class().pk, school.person())

    def back() -> object:
        return refunds.refund(payment_id=payment.pk, amount=Money(50_000), why="演示", by=school.cashier, at=school.at)

    assert _race(school, back, back) == ["done", "refund-exceeds-payment"]
    assert sum(refund.amount.fen for refund in Refund.objects.all()) == 50_000


def test_two_payments_written_past_the_operations_do_not_exceed_their_order(school: Any) -> None:
    _enrolment, order = school.ordered(school.open_class().pk, school.person())
    went: list[str] = []

    def pay(reference: str) -> None:
        """Take the order's whole amount with the next receipt, as raw rows, asking nobody."""
        try:
            with tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO billing_receiptcounter (year, last) VALUES (2026, 1)"
                    " ON CONFLICT (year) DO UPDATE SET last = billing_receiptcounter.last + 1 RETURNING last"
                )
                (number,) = cursor.fetchone()
                cursor.execute(
                    "INSERT INTO billing_payment (id, order_id, method, amount, reference,"
                    " receipt_year, receipt_n, received_at, received_name)"
                    " VALUES (%s, %s, 'cash', 88000, %s, 2026, %s, now(), '')",
                    [uuid7(), order.pk, reference, number],
                )
            went.append("written")
        except IntegrityError:
            went.append("refused")

    _race(school, lambda: pay("one"), lambda: pay("two"))
    assert (sorted(went), Payment.objects.count()) == (["refused", "written"], 1)
    assert ReceiptCounter.objects.get().last == 1


def test_no_line_is_added_to_an_order_of_an_earlier_transaction(school: Any) -> None:
    _enrolment, order = school.ordered(school.open_class().pk, school.person())
    line = OrderLine.objects.values().get()
    school.cap("material")
    dearer = school.price(order.enrolment.training_class_id, FEE, fee_item="material")
    added = OrderLine(**line | {"id": uuid7(), "fee_item": "material", "price_id": dearer.pk, "cap_id": dearer.cap_id})
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="a line comes with its order"):
        added.save(force_insert=True)
    assert list(OrderLine.objects.values()) == [line]
