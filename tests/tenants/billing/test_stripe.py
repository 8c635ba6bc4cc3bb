"""Online payment: only what Stripe says counts, however often, late or out of order it is said."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kernel import later, tenancy
from kernel.errors import NotFound
from kernel.money import Money
from tenants.billing import adapters as billing_adapters
from tenants.billing import methods as billing_methods
from tenants.billing.models import Checkout, Order, Payment, Refund, StripeEvent
from tenants.billing.operations import checkouts, payments, refunds
from tenants.billing.queries import orders as order_queries
from tenants.courses.models import Participant
from tenants.rosters.models import Enrolment

PATH = "/stripe/webhook/"


@pytest.fixture
def order(school: Any, stripe: Any) -> Any:
    """An unpaid order of ¥880, with its person as `order.by`."""
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    order.by = person
    return order


def begin(order: Any, school: Any) -> Checkout:
    checkouts.start_checkout(order_id=order.pk, return_url="http://alpha/back/", by=order.by, at=school.at)
    return Checkout.objects.filter(order=order).order_by("-pk")[0]


@pytest.fixture
def send(visit: Callable[..., Any], school: Any) -> Callable[..., tuple[int, str]]:
    """Call the platform's webhook as Stripe does; return the status and what was done."""

    def call(message: dict[str, Any]) -> tuple[int, str]:
        with tenancy.open_public():
            answer = visit("").post(PATH, **message)  # the clock of the tests: no class is over on it
        return answer.status_code, answer.json()["outcome"] if answer.status_code == 200 else ""

    return call


def state(order: Any) -> tuple[str, str, int]:
    order = Order.objects.get(pk=order.pk)
    return order.state, Enrolment.objects.get(pk=order.enrolment_id).state, Payment.objects.filter(order=order).count()


def test_stripe_learns_an_amount_and_an_opaque_reference_only(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    session = stripe.app.payments.session(row.session_id)
    assert session["amount_total"] == 88_000
    assert session["metadata"] == {"reference": billing_methods.reference(school.institution.pk, row.pk)}
    assert session["payment_method_types"] == ["card", "alipay", "wechat_pay"]
    text = str(session) + str(stripe.app.payments.names(row.session_id))
    assert "演示甲" not in text


def test_a_paid_event_pays_the_order_confirms_the_enrolment_and_admits(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    assert state(order) == ("open", "enrolled", 0)
    stripe.pay(row.session_id)
    assert [send(m) for m in stripe.messages("checkout.session.completed")] == [(200, "paid")]
    assert state(order) == ("paid", "confirmed", 1)
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.checkout_id) == (Money(88_000), "stripe", row.pk)
    assert Participant.objects.get(enrolment_id=order.enrolment_id).admitted_at is not None


def test_the_same_event_again_and_another_about_the_same_payment_change_nothing(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    (message,) = stripe.messages("checkout.session.completed")
    assert [send(message), send(message)] == [(200, "paid"), (200, "seen")]
    stripe.app.payments.emit("checkout.session.completed", stripe.app.payments.session(row.session_id))
    assert [send(m) for m in stripe.messages("checkout.session.completed")] == [(200, "paid-already")]
    assert state(order) == ("paid", "confirmed", 1)
    assert StripeEvent.objects.count() == 2


def test_asynchronous_success_comes_after_completion_or_before_it(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id, "alipay")
    completed = stripe.messages("checkout.session.completed")
    stripe.finish_late()
    succeeded = stripe.messages("checkout.session.async_payment_succeeded")
    assert [send(m) for m in succeeded] == [(200, "paid")]
    assert [send(m) for m in completed] == [(200, "waiting")]
    assert state(order) == ("paid", "confirmed", 1)


def test_a_payment_that_fails_leaves_the_order_open_for_another_try(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id, "wechat_pay", "fail")
    stripe.finish_late()
    assert [send(m)[1] for m in stripe.messages("checkout.")] == ["waiting", "failed"]
    assert state(order) == ("open", "enrolled", 0)
    again = begin(order, school)
    stripe.pay(again.session_id)
    assert [send(m) for m in stripe.messages("checkout.")] == [(200, "paid")]


def test_an_expired_page_is_noted_and_late_news_of_it_does_no_harm(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    billing_adapters.expire_session(row.session_id)
    (expired,) = stripe.messages("checkout.session.expired")
    assert send(expired) == (200, "expired")
    other = begin(order, school)
    stripe.pay(other.session_id)
    assert [send(m) for m in stripe.messages("checkout.")] == [(200, "paid")]
    row.refresh_from_db()
    assert (row.state, state(order)) == ("expired", ("paid", "confirmed", 1))


def test_what_is_not_signed_by_us_or_is_old_is_refused(order: Any, school: Any, stripe: Any, send: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    event = stripe.app.store.newest("event", 1)[0]
    (message,) = stripe.messages("checkout.session.completed")
    bad = [
        stripe.signed(event, secret="whsec_other"),
        stripe.signed(event, moment=int(time.time()) - 3600),
        message | {"data": message["data"].replace(b"88000", b"1")},
        message | {"headers": {}},
    ]
    assert [send(m)[0] for m in bad] == [400] * 4
    assert state(order) == ("open", "enrolled", 0)
    assert StripeEvent.objects.count() == 0


def test_without_a_secret_nothing_is_believed(order: Any, school: Any, stripe: Any, send: Any, settings: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    settings.STRIPE_WEBHOOK_SECRET = ""
    assert [send(m)[0] for m in stripe.messages("checkout.")] == [400]


def test_an_event_about_nothing_of_ours_is_ignored(stripe: Any, school: Any, send: Any) -> None:
    session = {"object": "checkout.session", "id": "cs_x", "payment_status": "paid", "amount_total": 1}
    for number, reference in enumerate(
        ("", "nonsense", billing_methods.reference(school.institution.pk, school.institution.pk))
    ):
        thing = session | {"metadata": {"reference": reference}}
        event = {
            "id": f"evt_{number}",
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": thing},
        }
        status, outcome = send(stripe.signed(event))
        assert (status, outcome in ("ignored", "unknown")) == (200, True)
    assert not Payment.objects.exists()


def test_another_amount_or_another_session_is_not_taken(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    session = billing_adapters.read_session(row.session_id)
    less = billing_adapters.Session(**{f: getattr(session, f) for f in session.__slots__} | {"amount": Money(1)})
    other = billing_adapters.Session(**{f: getattr(session, f) for f in session.__slots__} | {"id": "cs_other"})
    outcomes = [checkouts.settle_session(checkout_id=row.pk, session=s, at=school.at) for s in (less, other)]
    assert outcomes == ["another-amount", "another-session"]
    assert state(order) == ("open", "enrolled", 0)


def test_the_page_of_return_asks_stripe_and_proves_nothing_itself(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    assert checkouts.check_payment(order_id=order.pk, by=order.by, at=school.at) == "cancelled"
    stripe.pay(row.session_id)
    assert checkouts.check_payment(order_id=order.pk, by=order.by, at=school.at) == "arrived"
    assert state(order) == ("paid", "confirmed", 1)


def test_reconciliation_finds_what_no_webhook_told(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    assert checkouts.ask_reconciliation(at=school.at) == 0
    late = school.at + timedelta(minutes=11)
    assert (checkouts.ask_reconciliation(at=late), checkouts.ask_reconciliation(at=late)) == (1, 0)
    checkouts.reconcile_checkout(checkout_id=row.pk, at=late)
    assert state(order) == ("paid", "confirmed", 1)


def test_the_clockwork_reconciles_every_institution(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    later.run_periodic_task("billing.reconcile", at=school.at + timedelta(hours=1))
    later.drain()
    assert state(order) == ("paid", "confirmed", 1)


def test_money_for_an_order_that_was_paid_at_the_counter_goes_back(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=school.at)
    assert [send(m) for m in stripe.messages("checkout.session.completed")] == [(200, "paid")]
    later.drain()
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, state(order)) == (Money(88_000), "done", ("paid", "confirmed", 2))
    assert stripe.app.store.newest("refund", 1)[0]["amount"] == 88_000


def test_paying_at_the_counter_ends_the_payment_page(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=school.at)
    later.drain()
    assert stripe.app.payments.session(row.session_id)["status"] == "expired"


def test_an_online_refund_goes_to_stripe_and_a_full_one_gives_the_seat_back(
    order: Any, school: Any, stripe: Any, send: Any
) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    checkouts.check_payment(order_id=order.pk, by=order.by, at=school.at)
    payment = Payment.objects.get()
    for fen in (8_000, 80_000):
        refunds.refund(payment_id=payment.pk, amount=Money(fen), why="演示", by=school.cashier, at=school.at)
    assert list(Refund.objects.values_list("state", flat=True)) == ["requested", "requested"]
    later.drain()
    assert list(Refund.objects.values_list("state", flat=True)) == ["done", "done"]
    assert state(order) == ("refunded", "withdrawn", 1)
    assert sorted(r["amount"] for r in stripe.app.store.newest("refund", 2)) == [8_000, 80_000]


def test_a_refund_that_stripe_refuses_fails_and_frees_the_amount(order: Any, school: Any, stripe: Any) -> None:
    row = begin(order, school)
    stripe.pay(row.session_id)
    checkouts.check_payment(order_id=order.pk, by=order.by, at=school.at)
    payment = Payment.objects.get()
    billing_adapters.refund(key=f"other-{payment.pk}", intent=payment.reference, amount=Money(88_000))
    refunds.refund(payment_id=payment.pk, amount=Money(1_000), why="演示", by=school.cashier, at=school.at)
    later.drain()
    payment = order_queries.payment_row(payment.pk)
    assert (Refund.objects.get().state, payment.refunded_amount, state(order)[0]) == ("failed", Money(0), "paid")


def test_where_no_key_is_set_the_counter_is_named(order: Any, school: Any, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(billing_adapters.NoOnlinePayment):
        begin(order, school)
    assert not Checkout.objects.exists()


def test_where_stripe_does_not_answer_nothing_is_charged_and_a_new_try_is_possible(
    order: Any, school: Any, stripe: Any, settings: Any
) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(billing_adapters.StripeDown):
        begin(order, school)
    settings.STRIPE_API_BASE = stripe.base
    assert begin(order, school).session_id is not None
    assert state(order) == ("open", "enrolled", 0)


def test_nobody_pays_another_person_s_order(order: Any, school: Any, stripe: Any) -> None:
    stranger = school.person("演示乙")
    with pytest.raises(NotFound):
        checkouts.start_checkout(order_id=order.pk, return_url="http://alpha/", by=stranger, at=school.at)
    assert not Checkout.objects.exists()
