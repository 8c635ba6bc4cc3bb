"""Orders, money at the counter, receipts, refunds: one ledger, and the seat goes with it."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock, later
from kernel.access import Denied
from kernel.errors import Invalid
from kernel.fields import uuid7
from kernel.money import ZERO, Money
from shared.identity.models.claims import ActiveEnrolment
from tenants.billing import methods as billing_methods
from tenants.billing.models import Order, Payment, ReceiptCounter, Refund
from tenants.billing.operations import orders, payable, payments, refunds
from tenants.billing.queries import open_orders as open_order_queries
from tenants.billing.queries import orders as order_queries
from tenants.courses.models import Participant
from tenants.courses.operations import seats
from tenants.rosters.models import Enrolment

amounts = st.integers(min_value=0, max_value=10**9).map(Money)


def held(training_class: Any) -> int:
    training_class.refresh_from_db()
    assert training_class.seats_taken == Participant.objects.filter(training_class=training_class, left_at=None).count()
    return int(training_class.seats_taken)


def test_an_order_holds_the_seat_and_is_placed_once(school: Any) -> None:
    training_class, person = school.open_class(), school.person()
    enrolment, order = school.ordered(training_class.pk, person)
    again = orders.place_order(enrolment_id=enrolment.pk, by=person, at=school.at)
    assert (again.pk, order.state, enrolment.state, held(training_class)) == (order.pk, "open", "enrolled", 1)
    assert order_queries.balance(order) == billing_methods.Balance(Money(88_000), ZERO, ZERO)


def test_an_order_asks_every_item_but_those_that_come_later(school: Any) -> None:
    training_class = school.training_class()
    for item, unit, fen in (("training", "person", 88_000), ("test", "attempt", 5_000), ("retest", "attempt", 5_000)):
        school.cap(item, unit)
        school.price(training_class.pk, Money(fen), fee_item=item)
    orders.open_enrolment(class_id=training_class.pk, by=school.registrar, at=school.at)
    _enrolment, order = school.ordered(training_class.pk, school.person())
    assert [(line.fee_item, line.total) for line in order.lines.all()] == [
        ("test", Money(5_000)),
        ("training", Money(88_000)),
    ]
    assert [row.asked for row in order_queries.with_shown(order_queries.order_list())] == [Money(93_000)]
    assert [row.outstanding for row in open_order_queries.open_orders(order.person_id)] == [Money(93_000)]


def test_what_costs_nothing_is_paid(school: Any) -> None:
    training_class = school.open_class(amount=ZERO)
    enrolment, order = school.ordered(training_class.pk, school.person())
    assert (order.state, enrolment.state, Payment.objects.count()) == ("paid", "confirmed", 0)


def test_the_last_seat_is_given_once_and_the_refused_person_holds_nothing(school: Any) -> None:
    training_class = school.open_class(capacity=1)
    school.ordered(training_class.pk, school.person())
    late = school.applied(training_class.pk, school.person("演示乙"))
    with pytest.raises(seats.ClassFull):
        orders.place_order(enrolment_id=late.pk, by=school.registrar, at=school.at)
    late.refresh_from_db()
    assert (late.state, held(training_class), ActiveEnrolment.objects.count(), Order.objects.count()) == (
        "eligible",
        1,
        1,
        1,
    )


def test_the_database_gives_no_seat_above_the_capacity(school: Any) -> None:
    training_class = school.open_class(capacity=1)
    school.ordered(training_class.pk, school.person())
    with pytest.raises(IntegrityError, match="courses_class_seats"), transaction.atomic():
        Participant.objects.create(
            training_class=training_class, enrolment_id=uuid7(), person_id=uuid7(), name="演示乙", seated_at=school.at
        )
    assert held(training_class) == 1


def test_paying_at_the_counter_confirms_the_enrolment_and_admits_the_person(school: Any) -> None:
    training_class = school.open_class()
    enrolment, order, payment = school.paid(training_class.pk, school.person())
    assert (enrolment.state, order.state, payment.receipt_number) == ("confirmed", "paid", "2026-000001")
    assert Participant.objects.get(enrolment_id=enrolment.pk).admitted_at == school.at


@pytest.mark.parametrize("fen", [87_999, 88_001, 0, -88_000])
def test_another_amount_than_the_one_asked_is_refused(school: Any, fen: int) -> None:
    training_class = school.open_class()
    _enrolment, order = school.ordered(training_class.pk, school.person())
    with pytest.raises(payments.WrongAmount) as refused:
        payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(fen), by=school.cashier, at=school.at)
    assert "¥880.00" in str(refused.value)
    assert not Payment.objects.exists()
    assert not ReceiptCounter.objects.exists()


def test_an_order_is_paid_once(school: Any) -> None:
    training_class = school.open_class()
    _enrolment, order, _payment = school.paid(training_class.pk, school.person())
    with pytest.raises(payable.OrderNotOpen):
        payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=school.at)
    assert Payment.objects.count() == 1


def test_a_transfer_needs_the_bank_s_reference_and_each_is_taken_once(school: Any) -> None:
    training_class = school.open_class()
    orders = [school.ordered(training_class.pk, school.person(name))[1] for name in ("演示甲", "演示乙")]
    call: dict[str, Any] = {"method": "transfer", "amount": Money(88_000), "by": school.cashier, "at": school.at}
    with pytest.raises(Invalid):
        payments.pay_at_counter(order_id=orders[0].pk, **call)
    payments.pay_at_counter(order_id=orders[0].pk, reference="工行 001", **call)
    with pytest.raises(payments.ReferenceTaken):
        payments.pay_at_counter(order_id=orders[1].pk, reference="工行 001", **call)
    assert Payment.objects.count() == 1


def test_only_the_till_takes_money(school: Any) -> None:
    training_class = school.open_class()
    enrolment, order = school.ordered(training_class.pk, school.person())
    with pytest.raises(Denied):
        payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(88_000), by=school.teacher, at=school.at)
    enrolment.refresh_from_db()
    assert (enrolment.state, Payment.objects.count(), ReceiptCounter.objects.count()) == ("enrolled", 0, 0)


def test_receipt_numbers_run_without_a_gap_and_begin_anew_each_year(school: Any) -> None:
    training_class = school.open_class(ends_on=date(2027, 3, 31))
    numbers = [school.paid(training_class.pk, school.person(name))[2].receipt_number for name in ("演示甲", "演示乙")]
    _enrolment, order = school.ordered(training_class.pk, school.person("演示丙"))
    with pytest.raises(payments.WrongAmount):
        payments.pay_at_counter(order_id=order.pk, method="cash", amount=ZERO, by=school.cashier, at=school.at)
    new_year = datetime(2027, 1, 1, 0, 30, tzinfo=clock.CHINA)
    last = payments.pay_at_counter(
        order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=new_year
    )
    assert [*numbers, last.receipt_number] == ["2026-000001", "2026-000002", "2027-000001"]


def test_a_withdrawal_cancels_what_is_unpaid_and_gives_seat_and_place_back(school: Any) -> None:
    training_class, person = school.open_class(capacity=1), school.person()
    enrolment, order = school.ordered(training_class.pk, person)
    orders.withdraw(enrolment_id=enrolment.pk, why="演示", by=person, at=school.at)
    enrolment.refresh_from_db()
    order.refresh_from_db()
    assert (enrolment.state, order.state, held(training_class)) == ("withdrawn", "cancelled", 0)
    assert not ActiveEnrolment.objects.filter(released_at=None).exists()
    again, _order = school.ordered(training_class.pk, person)
    assert (again.state, held(training_class)) == ("enrolled", 1)
    later.drain()


def test_a_part_goes_back_and_the_seat_stays(school: Any) -> None:
    training_class = school.open_class()
    enrolment, order, payment = school.paid(training_class.pk, school.person())
    row = refunds.refund(payment_id=payment.pk, amount=Money(8_000), why="演示", by=school.cashier, at=school.at)
    order.refresh_from_db()
    assert (row.state, order.state, held(training_class)) == ("done", "paid", 1)
    assert order_queries.balance(order) == billing_methods.Balance(Money(88_000), Money(88_000), Money(8_000))
    with pytest.raises(refunds.RefundExceedsPayment) as refused:
        refunds.refund(payment_id=payment.pk, amount=Money(80_001), why="演示", by=school.cashier, at=school.at)
    assert "¥800.00" in str(refused.value)
    assert Refund.objects.count() == 1
    enrolment.refresh_from_db()
    assert enrolment.state == "confirmed"


def test_a_full_refund_ends_the_enrolment_and_gives_the_seat_back(school: Any) -> None:
    training_class = school.open_class()
    enrolment, order, payment = school.paid(training_class.pk, school.person())
    for fen in (8_000, 80_000):
        refunds.refund(payment_id=payment.pk, amount=Money(fen), why="演示", by=school.cashier, at=school.at)
    enrolment.refresh_from_db()
    order.refresh_from_db()
    assert (order.state, enrolment.state, held(training_class)) == ("refunded", "withdrawn", 0)
    assert not ActiveEnrolment.objects.filter(released_at=None).exists()


@pytest.mark.parametrize(("fen", "why"), [(0, "演示"), (-1, "演示"), (100, " ")])
def test_a_refund_of_nothing_or_without_a_reason_is_refused(school: Any, fen: int, why: str) -> None:
    training_class = school.open_class()
    _enrolment, _order, payment = school.paid(training_class.pk, school.person())
    with pytest.raises(Invalid):
        refunds.refund(payment_id=payment.pk, amount=Money(fen), why=why, by=school.cashier, at=school.at)
    assert not Refund.objects.exists()


def test_the_database_gives_back_no_more_than_came_in(school: Any) -> None:
    training_class = school.open_class()
    _enrolment, _order, payment = school.paid(training_class.pk, school.person())
    facts = {"payment_id": payment.pk, "why": "演示", "asked_at": school.at, "state_since": school.at}
    Refund.objects.create(amount=Money(88_000), **facts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="do not exceed"), transaction.atomic():
            Refund.objects.create(amount=Money(1), **facts)
    assert Refund.objects.count() == 1


def test_who_is_not_to_pay_has_nothing_to_order(school: Any) -> None:
    training_class = school.open_class()
    refused = school.applied(training_class.pk, school.person(), practice_years=0)
    with pytest.raises(orders.NothingToOrder):
        orders.place_order(enrolment_id=refused.pk, by=school.registrar, at=school.at)
    assert Enrolment.objects.get().state == "refused"


@given(total=amounts, paid=amounts, back=amounts)
def test_a_balance_always_adds_up(total: Money, paid: Money, back: Money) -> None:
    balance = billing_methods.Balance(total, paid + back, back)
    assert balance.net_paid == paid
    assert balance.outstanding >= ZERO
    assert balance.surplus >= ZERO
    assert total + balance.surplus == balance.net_paid + balance.outstanding
    assert not (balance.outstanding and balance.surplus)


@given(st.lists(st.integers(min_value=1, max_value=10**7), min_size=1, max_size=20), st.data())
def test_refunds_in_any_parts_give_back_exactly_the_payment(parts: list[int], data: st.DataObject) -> None:
    payment, back = Money(sum(parts)), ZERO
    for fen in data.draw(st.permutations(parts)):
        back = back + Money(fen)
        assert back <= payment
    assert billing_methods.Balance(payment, payment, back).net_paid == ZERO


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (88_000, "捌佰捌拾元整"),
        (100_530, "壹仟零伍元叁角"),
        (100_003, "壹仟元零叁分"),
        (5, "伍分"),
        (50, "伍角"),
        (0, "零元整"),
        (10_000_000, "壹拾万元整"),
        (1_000_050_000, "壹仟万零伍佰元整"),
        (10_000_000_000, "壹亿元整"),
        (10_020_000_100, "壹亿零贰拾万零壹元整"),
    ],
)
def test_amounts_in_the_capitals_of_receipts(fen: int, words: str) -> None:
    assert billing_methods.in_words(Money(fen)) == words
