"""The term of payment: said on the pages, and at its end seat and place are given back, but no money is lost."""

from datetime import datetime, timedelta
from typing import Any

from kernel import later
from kernel.clock import CHINA
from kernel.money import Money
from shared.identity.models.claims import ActiveEnrolment
from shared.notices.models import Notice
from shared.policy.queries import packs as pack_queries
from shared.policy.values.reading import read_body
from tenants.billing import methods as billing_methods
from tenants.billing.models import Checkout, Payment
from tenants.billing.operations import checkouts, terms
from tenants.billing.queries import orders as order_queries
from tenants.billing.queries import todos
from tenants.courses.models import Participant


def _overdue(order: Any) -> datetime:
    return order.pay_by + timedelta(seconds=1)


def test_the_term_ends_with_its_last_day_in_china(school: Any) -> None:
    late = datetime(2026, 3, 2, 23, 59, tzinfo=CHINA)
    assert billing_methods.last_moment(pack_queries.pack_at(late), late) == datetime(
        2026, 3, 5, 23, 59, 59, tzinfo=CHINA
    )
    assert not pack_queries.pack_at(late).source("fees.pay_within_days").from_policy


def test_a_pack_of_before_sets_no_term(school: Any) -> None:
    body = dict(pack_queries.body(pack_queries.pack_at(school.at).version))
    body["fees"] = {key: value for key, value in body["fees"].items() if key != "pay_within_days"}
    assert billing_methods.last_moment(read_body(body).pack, school.at) is None


def test_an_unpaid_order_gives_back_seat_and_place_when_its_term_is_over(school: Any) -> None:
    training_class, person = school.open_class(capacity=1), school.person()
    enrolment, order = school.ordered(training_class.pk, person)
    assert terms.release_order(order_id=order.pk, at=order.pay_by) is False
    assert terms.release_order(order_id=order.pk, at=_overdue(order)) is True
    order.refresh_from_db()
    enrolment.refresh_from_db()
    assert (order.state, enrolment.state) == ("cancelled", "withdrawn")
    assert not ActiveEnrolment.objects.filter(released_at=None).exists()
    assert not Participant.objects.filter(left_at=None).exists()
    released = Notice.objects.get(template="billing.released")
    assert released.account_id == person.account_id
    assert terms.release_order(order_id=order.pk, at=_overdue(order)) is False
    school.ordered(training_class.pk, school.person("演示乙"))  # the last seat is somebody else's now


def test_a_paid_order_and_one_without_a_term_are_left_alone(school: Any) -> None:
    training_class = school.open_class()
    _enrolment, paid, _payment = school.paid(training_class.pk, school.person())
    assert terms.release_order(order_id=paid.pk, at=_overdue(paid)) is False
    assert order_queries.overdue(_overdue(paid)) == []
    paid.refresh_from_db()
    assert paid.state == "paid"


def test_every_overdue_order_is_asked_for_in_a_task_of_its_own(school: Any) -> None:
    training_class = school.open_class()
    made = [school.ordered(training_class.pk, school.person(name))[1] for name in ("演示甲", "演示乙")]
    assert terms.ask_releases(at=made[0].pay_by) == 0
    assert terms.ask_releases(at=_overdue(made[0])) == 2
    rows = later._outbox().objects.filter(task="billing.release_order")
    assert sorted(row.kwargs["order_id"] for row in rows) == sorted(str(order.pk) for order in made)
    assert later.periodic_tasks["billing.release_unpaid"].every == 3600


def test_the_deadline_stands_on_the_order_on_the_enrolment_and_among_what_waits(school: Any, acting: Any) -> None:
    training_class, person = school.open_class(), school.person()
    enrolment, order = school.ordered(training_class.pk, person)
    when = order.pay_by.astimezone(CHINA)
    for who, path in (
        (person, f"/my/orders/{order.pk}/"),
        (person, f"/my/enrolments/{enrolment.pk}/"),
        (person, "/my/"),
        (school.cashier, f"/staff/orders/{order.pk}/"),
    ):
        assert f"{when:%H:%M}" in acting(who).get(path).content.decode(), path
    [todo] = list(todos.for_trainee(person, school.at))
    assert "23:59" in str(todo.due)


def test_an_order_is_not_released_while_its_money_is_on_its_way(school: Any, stripe: Any) -> None:
    training_class, person = school.open_class(), school.person()
    _enrolment, order = school.ordered(training_class.pk, person)
    checkouts.start_checkout(order_id=order.pk, return_url="http://x/", by=person, at=school.at)
    row = Checkout.objects.get()
    stripe.pay(row.session_id)
    assert terms.release_order(order_id=order.pk, at=_overdue(order)) is False
    order.refresh_from_db()
    assert (order.state, Payment.objects.get().amount) == ("paid", Money(88_000))


def test_a_payment_page_that_is_still_open_is_ended_before_the_release(school: Any, stripe: Any) -> None:
    training_class, person = school.open_class(), school.person()
    _enrolment, order = school.ordered(training_class.pk, person)
    checkouts.start_checkout(order_id=order.pk, return_url="http://x/", by=person, at=school.at)
    assert terms.release_order(order_id=order.pk, at=_overdue(order)) is True
    order.refresh_from_db()
    assert (order.state, Checkout.objects.get().state) == ("cancelled", "expired")
