"""Back from the payment page there is one page with four states; reconciliation settles each item by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from kernel import later, outside
from kernel.models import Outbox
from kernel.money import Money
from tenants.billing import adapters as billing_adapters
from tenants.billing.models import Checkout, Order, Refund
from tenants.billing.operations import checkouts, refunds
from tenants.billing.queries import todos

LATE = timedelta(minutes=11)


@pytest.fixture
def order(school: Any, stripe: Any) -> Any:
    """An unpaid order of ¥880, with its person as `order.by`."""
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    order.by = person
    return order


def begin(order: Any, school: Any) -> str:
    return checkouts.start_checkout(order_id=order.pk, return_url="http://alpha/back/", by=order.by, at=school.at)


def session_of(order: Any) -> str:
    return str(Checkout.objects.get(order=order, state="started").session_id)


@pytest.mark.parametrize(
    ("what", "state", "buttons"),
    [("paid", "arrived", 0), ("waits", "waiting", 0), ("fails", "failed", 1), ("left", "cancelled", 1)],
)
def test_back_from_the_payment_page_one_page_says_how_it_stands(
    order: Any, school: Any, stripe: Any, acting: Any, what: str, state: str, buttons: int
) -> None:
    client = acting(order.by)
    begin(order, school)
    session = session_of(order)
    if what == "paid":
        stripe.pay(session)
    if what in ("waits", "fails"):
        stripe.pay(session, "alipay", "fail" if what == "fails" else "succeed")
    if what == "fails":
        stripe.finish_late()
    answer = client.get(f"/my/orders/{order.pk}/return/")
    assert (answer.status_code, f'data-state="{state}"' in answer.text) == (200, True)
    assert answer.text.count(f'action="/my/orders/{order.pk}/checkout/"') == buttons


def test_where_the_payment_service_does_not_answer_the_payment_may_be_on_its_way(
    order: Any, school: Any, stripe: Any, acting: Any, settings: Any
) -> None:
    begin(order, school)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = acting(order.by).get(f"/my/orders/{order.pk}/return/")
    assert 'data-state="waiting"' in answer.text


def test_an_order_has_one_payment_page_however_often_the_button_is_pressed(
    order: Any, school: Any, stripe: Any, acting: Any
) -> None:
    client = acting(order.by)
    path = f"/my/orders/{order.pk}/checkout/"
    addresses = {client.post(path).url for _press in range(4)}
    assert (len(addresses), Checkout.objects.count()) == (1, 1)
    page = client.get(f"/my/orders/{order.pk}/").text
    assert (path in page, f"/my/orders/{order.pk}/return/" in page) == (False, True)


def test_nobody_pays_again_while_a_payment_is_on_its_way(order: Any, school: Any, stripe: Any, acting: Any) -> None:
    begin(order, school)
    stripe.pay(session_of(order), "alipay")
    with pytest.raises(checkouts.PaymentInProgress):
        begin(order, school)
    answer = acting(order.by).post(f"/my/orders/{order.pk}/checkout/")
    assert answer.url.endswith(f"/my/orders/{order.pk}/return/")
    assert Checkout.objects.count() == 1


def test_a_payment_page_that_has_expired_or_failed_makes_room_for_another(order: Any, school: Any, stripe: Any) -> None:
    begin(order, school)
    billing_adapters.expire_session(session_of(order))
    begin(order, school)
    stripe.pay(session_of(order), "wechat_pay", "fail")
    stripe.finish_late()
    begin(order, school)
    assert sorted(Checkout.objects.values_list("state", flat=True)) == ["expired", "failed", "started"]


def test_one_payment_that_the_service_does_not_know_keeps_no_other_waiting(
    school: Any, stripe: Any, settings: Any
) -> None:
    training_class = school.open_class()
    rows = []
    for _n in range(3):
        person = school.person()
        _enrolment, order = school.ordered(training_class.pk, person)
        order.by = person
        begin(order, school)
        rows.append(order)
    lost, *others = rows
    Checkout.objects.filter(order=lost).update(session_id="cs_test_of_another_account")
    for order in others:
        stripe.pay(session_of(order))
    later.run_periodic_task("billing.reconcile", at=school.at + LATE)
    later.drain()
    states = {order.pk: Order.objects.get(pk=order.pk).state for order in rows}
    assert states == {lost.pk: "open"} | {order.pk: "paid" for order in others}
    row = Checkout.objects.get(order=lost)
    assert (row.state, row.faults, "No such" in row.fault) == ("started", 1, True)
    with translation.override("en"):
        titles = [str(todo.title) for todo in todos.for_cashier(school.cashier, school.at)]
    assert titles == ["An online payment cannot be compared"]
    page_order = [r.pk for r in Checkout.objects.order_by("faults", "started_at")]
    assert page_order[-1] == row.pk


def test_that_the_service_does_not_answer_is_no_refusal_and_the_task_is_not_done(
    order: Any, school: Any, stripe: Any, settings: Any
) -> None:
    begin(order, school)
    stripe.pay(session_of(order))
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    later.run_periodic_task("billing.reconcile", at=school.at + LATE)
    later.drain()
    task = Outbox.objects.get(task="billing.reconcile_checkout")
    assert (task.done_at, task.attempts, "StripeDown" in task.error) == (None, 1, True)
    assert Order.objects.get(pk=order.pk).state == "open"
    settings.STRIPE_API_BASE = stripe.base
    assert later.deliver(task.pk)
    assert Order.objects.get(pk=order.pk).state == "paid"


def test_a_refund_on_its_way_is_asked_again_where_the_service_did_not_answer(
    order: Any, school: Any, stripe: Any, settings: Any
) -> None:
    begin(order, school)
    stripe.pay(session_of(order))
    checkouts.check_payment(order_id=order.pk, by=order.by, at=school.at)
    payment = order.payments.get()
    row = refunds.refund(payment_id=payment.pk, amount=Money(1_000), why="演示退款", by=school.cashier, at=school.at)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(outside.Fault):
        refunds.send_refund(refund_id=row.pk, at=school.at)
    assert Refund.objects.get().state == "requested"
