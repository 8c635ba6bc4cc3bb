"""No refund is final while the payment service may say otherwise; what it refuses goes another way; the rest closes."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from pypdf import PdfReader

from kernel import later, tenancy
from kernel.errors import Invalid
from kernel.money import Money
from tenants.billing import adapters as billing_adapters
from tenants.billing.models import Checkout, Dispute, Order, Payment, Refund
from tenants.billing.operations import checkouts, orders, refunds
from tenants.billing.queries import orders as order_queries
from tenants.billing.queries import todos
from tenants.rosters.models import Enrolment

ALL = Money(88_000)
PATH = "/stripe/webhook/"


@pytest.fixture
def paid(school: Any, stripe: Any) -> Any:
    """A payment of ¥880 online, with its order and person."""
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    checkouts.start_checkout(order_id=order.pk, return_url="http://alpha/back/", by=person, at=school.at)
    stripe.pay(Checkout.objects.get().session_id)
    assert checkouts.check_payment(order_id=order.pk, by=person, at=school.at) == "arrived"
    with connection.cursor() as cursor:  # what is asked of a payment at its commit
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    payment = Payment.objects.get()
    payment.by = person
    stripe.messages()
    return payment


@pytest.fixture
def send(visit: Callable[..., Any]) -> Callable[..., str]:
    """Call the platform's webhook as Stripe does; return what was done."""

    def call(message: dict[str, Any]) -> str:
        with tenancy.open_public():
            answer = visit("", None).post(PATH, **message)
        assert answer.status_code == 200
        return str(answer.json()["outcome"])

    return call


def back(payment: Any, school: Any, amount: Money = ALL, **facts: Any) -> Refund:
    return refunds.refund(
        payment_id=payment.pk, amount=amount, why="演示退款", by=school.cashier, at=school.at, **facts
    )


def state(payment: Any) -> tuple[str, str, Money]:
    order = Order.objects.get(pk=payment.order_id)
    enrolment = Enrolment.objects.get(pk=order.enrolment_id)
    return order.state, enrolment.state, order_queries.payment_row(payment.pk).refunded_amount


def waits_for(school: Any) -> list[str]:
    with translation.override("en"):
        return [str(todo.title) for todo in todos.for_cashier(school.cashier, school.at)]


def refused_at_stripe(payment: Any, school: Any) -> Refund:
    """Return a refund that the payment service has refused: the payer's bank had all of it back already."""
    billing_adapters.refund(key=f"other-{payment.pk}", intent=payment.reference, amount=ALL)
    row = back(payment, school, Money(80_000))
    later.drain()
    row.refresh_from_db()
    assert row.state == "failed"
    return row


def test_a_refund_that_fails_after_it_was_done_opens_its_order_again(
    paid: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = back(paid, school)
    later.drain()
    assert state(paid) == ("refunded", "withdrawn", ALL)
    assert waits_for(school) == []
    row.refresh_from_db()
    stripe.messages()
    stripe.app.refunds.fail(row.reference)
    assert [send(m) for m in stripe.messages("refund.failed")] == ["refund-failed"]
    assert state(paid) == ("paid", "withdrawn", Money(0))
    assert "A refund failed" in waits_for(school)


def _done_and_failed_unheard(paid: Any, school: Any, stripe: Any) -> Refund:
    """Return a refund that is done here and has come back from the bank; the payment service's word of it is lost."""
    row = back(paid, school)
    later.drain()
    row.refresh_from_db()
    stripe.app.refunds.fail(row.reference)
    stripe.messages()
    return row


@pytest.mark.parametrize(("after", "asked"), [(1, True), (71, True), (80, False), (96, True), (24 * 31, False)])
def test_the_hourly_comparison_learns_of_a_refund_that_failed_after_it_was_done(
    paid: Any, school: Any, stripe: Any, after: int, asked: bool
) -> None:
    row = _done_and_failed_unheard(paid, school, stripe)
    assert state(paid) == ("refunded", "withdrawn", ALL)
    later.run_periodic_task("billing.reconcile", at=row.state_since + timedelta(hours=after))
    later.drain()
    assert state(paid) == (("paid", "withdrawn", Money(0)) if asked else ("refunded", "withdrawn", ALL))
    assert ("A refund failed" in waits_for(school)) is asked


def test_a_refund_that_is_done_here_and_unknown_there_waits_for_a_person(
    paid: Any, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = back(paid, school)
    later.drain()
    row.refresh_from_db()

    def unknown(refund_id: str) -> str:
        raise billing_adapters.UnknownThere(f"No such refund: '{refund_id}'")

    monkeypatch.setattr(billing_adapters, "read_refund", unknown)
    refunds.send_refund(refund_id=row.pk, at=school.at)
    row.refresh_from_db()
    assert (row.state, row.faults, bool(row.fault)) == ("done", 1, True)
    assert "An online payment cannot be compared" in waits_for(school)


def test_an_order_is_not_refunded_while_a_part_is_still_on_its_way(paid: Any, school: Any) -> None:
    first, second = back(paid, school, Money(8_000)), back(paid, school, Money(80_000))
    refunds.send_refund(refund_id=first.pk, at=school.at)
    assert state(paid) == ("paid", "confirmed", ALL)
    refunds.send_refund(refund_id=second.pk, at=school.at)
    assert state(paid) == ("refunded", "withdrawn", ALL)


def test_what_the_payment_service_refuses_is_paid_another_way_and_asks_no_more(paid: Any, school: Any) -> None:
    failed = refused_at_stripe(paid, school)
    assert failed.faults == 1
    assert "greater than unrefunded" in failed.fault or "refund" in failed.fault.lower()
    row = back(paid, school, Money(80_000), other_method="cash", instead_of=failed.pk, reference="现金凭证1")
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.reference, state(paid)[2]) == ("done", "现金凭证1", Money(80_000))
    assert waits_for(school) == []
    with pytest.raises(refunds.RefundNotFailed):
        back(paid, school, Money(1_000), other_method="cash", instead_of=failed.pk)


def test_another_way_is_open_only_in_place_of_a_refund_that_failed(paid: Any, school: Any) -> None:
    with pytest.raises(Invalid):
        back(paid, school, other_method="cash")
    failed = refused_at_stripe(paid, school)
    facts = {"payment_id": paid.pk, "amount": Money(1), "why": "演示", "asked_at": school.at, "state_since": school.at}
    for wrong in ({"other_method": "cash"}, {"other_method": "stripe", "instead_of": failed}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.create(**facts | wrong)
    done = back(paid, school, Money(1_000), other_method="cash", instead_of=failed.pk)
    with pytest.raises(IntegrityError, match="in place of one"), transaction.atomic():
        Refund.objects.create(**facts | {"other_method": "cash", "instead_of": done})
    assert Refund.objects.count() == 2


def test_that_nothing_goes_back_in_place_of_a_failed_refund_is_decided_for_a_reason(paid: Any, school: Any) -> None:
    failed = refused_at_stripe(paid, school)
    refunds.dismiss(refund_id=failed.pk, why="学员要求不退", by=school.cashier, at=school.at)
    assert waits_for(school) == []
    with pytest.raises(refunds.RefundNotFailed):
        refunds.dismiss(refund_id=failed.pk, why="学员要求不退", by=school.cashier, at=school.at)


def test_what_is_kept_of_somebody_who_withdrew_is_closed_for_a_reason(school: Any, acting: Any) -> None:
    person = school.person()
    enrolment, order, payment = school.paid(school.open_class().pk, person)
    page, path = f"/staff/orders/{order.pk}/", f"/staff/orders/{order.pk}/closing/"
    cashier = acting(school.cashier)
    assert cashier.post(path, {"why": "已上课八学时"}).status_code == 422
    with connection.cursor() as cursor:  # what is asked of a payment at its commit
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    orders.withdraw(enrolment_id=enrolment.pk, why="演示退学", by=person, at=school.at)
    back(payment, school, Money(50_000))
    assert waits_for(school) == [f"{person.name} has withdrawn"]
    assert path in cashier.get(page).text
    assert cashier.post(path, {"why": ""}).status_code == 422
    assert cashier.post(path, {"why": "已上课八学时"}).status_code == 302
    assert (state(payment), waits_for(school)) == (("closed", "withdrawn", Money(50_000)), [])
    assert path not in cashier.get(page).text


def test_an_order_is_not_closed_while_a_refund_is_on_its_way(paid: Any, school: Any) -> None:
    enrolment_id = Order.objects.get(pk=paid.order_id).enrolment_id
    orders.withdraw(enrolment_id=enrolment_id, why="演示退学", by=paid.by, at=school.at)
    back(paid, school, Money(1_000))
    with pytest.raises(refunds.RefundOnItsWay):
        refunds.close_order(order_id=paid.order_id, why="已上课八学时", by=school.cashier, at=school.at)
    later.drain()
    refunds.close_order(order_id=paid.order_id, why="已上课八学时", by=school.cashier, at=school.at)
    assert state(paid)[0] == "closed"


def test_the_cashier_pays_a_failed_refund_back_on_the_orders_page(paid: Any, school: Any, acting: Any) -> None:
    failed = refused_at_stripe(paid, school)
    cashier, page = acting(school.cashier), f"/staff/orders/{paid.order_id}/"
    path = f"/staff/refunds/{failed.pk}/replacement/"
    assert path in cashier.get(page).text
    facts = {"amount": "800", "why": "线上退款失败", "other_method": "transfer", "reference": "演示0002"}
    assert cashier.post(path, facts | {"amount": "900"}).status_code == 422
    assert cashier.post(path, facts).url == page
    assert (state(paid)[2], path in cashier.get(page).text) == (Money(80_000), False)


def test_a_refund_begun_at_the_payment_service_is_taken_in_once(paid: Any, school: Any, stripe: Any, send: Any) -> None:
    billing_adapters.refund(key=f"dashboard-{paid.pk}", intent=paid.reference, amount=ALL)
    (message,) = stripe.messages("refund.created")
    assert [send(message), send(message)] == ["refund-done", "seen"]
    assert state(paid) == ("refunded", "withdrawn", ALL)
    assert [(r.amount, r.asked_by) for r in Refund.objects.all()] == [(ALL, None)]


def test_news_of_our_own_refund_makes_no_second_one(paid: Any, school: Any, stripe: Any, send: Any) -> None:
    row = back(paid, school)
    later.drain()
    assert [send(m) for m in stripe.messages("refund.created")] == ["refund-done"]
    assert [r.pk for r in Refund.objects.all()] == [row.pk]


def test_a_refund_whose_answer_was_lost_is_known_by_its_news(paid: Any, school: Any, stripe: Any, send: Any) -> None:
    row = back(paid, school)
    billing_adapters.refund(key=f"refund-{row.pk}", intent=paid.reference, amount=ALL)
    assert [send(m) for m in stripe.messages("refund.created")] == ["refund-done"]
    later.drain()
    assert [(r.pk, r.state) for r in Refund.objects.all()] == [(row.pk, "done")]


def test_a_dispute_is_shown_holds_refunds_and_ends(paid: Any, school: Any, stripe: Any, send: Any, acting: Any) -> None:
    dispute = stripe.app.refunds.dispute(paid.reference, 88_000)
    assert [send(m) for m in stripe.messages("charge.dispute")] == ["dispute-open"]
    assert "A payer disputes an online payment" in waits_for(school)
    assert dispute["id"] in acting(school.cashier).get(f"/staff/orders/{paid.order_id}/").text
    with pytest.raises(refunds.PaymentDisputed):
        back(paid, school)
    stripe.app.refunds.decide(dispute["id"], "lost")
    assert [send(m) for m in stripe.messages("charge.dispute")] == ["dispute-lost"]
    assert (state(paid), Dispute.objects.get().state) == (("refunded", "withdrawn", ALL), "lost")
    assert waits_for(school) == []


def test_a_dispute_that_is_won_leaves_the_money(paid: Any, school: Any, stripe: Any, send: Any) -> None:
    dispute = stripe.app.refunds.dispute(paid.reference, 88_000)
    stripe.app.refunds.decide(dispute["id"], "won")
    assert [send(m) for m in stripe.messages("charge.dispute")] == ["dispute-open", "dispute-won"]
    assert (state(paid), Refund.objects.count()) == (("paid", "confirmed", Money(0)), 0)


@pytest.mark.parametrize(
    ("fen", "chinese", "english"), [(88_000, "全额退款", "in full"), (8_000, "部分退款", "in part")]
)
def test_a_receipts_check_pdf_and_reprint_tell_what_went_back(
    school: Any, acting: Any, fen: int, chinese: str, english: str
) -> None:
    person = school.person()
    _enrolment, _order, payment = school.paid(school.open_class().pk, person)
    check, paper = f"/receipts/{payment.pk}/", f"/my/payments/{payment.pk}/receipt/"
    client, cashier = acting(person), acting(school.cashier)
    assert "退款" not in acting().get(check).text
    back(payment, school, Money(fen))
    assert chinese in acting().get(check).text
    assert english in acting().get(check, headers={"Accept-Language": "en"}).text
    for answer in (client.get(paper), cashier.get(f"/staff/payments/{payment.pk}/receipt/")):
        text = "".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
        assert chinese in text
        assert Money(fen).__str__() in text


def test_the_database_lets_nobody_take_a_dispute_back(paid: Any, school: Any, stripe: Any, send: Any) -> None:
    dispute = stripe.app.refunds.dispute(paid.reference, 88_000)
    stripe.app.refunds.decide(dispute["id"], "won")
    for message in stripe.messages("charge.dispute"):
        send(message)
    with tenancy.as_owner():
        for change in ({"state": "open"}, {"amount": Money(1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Dispute.objects.update(**change)
