"""Whether an order may be paid: one rule, asked at the counter, at checkout and at settlement, and on the page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kernel import tenancy
from kernel.errors import Refusal
from kernel.fields import uuid7
from kernel.money import ZERO, Money
from shared.institutions.operations import standing
from shared.institutions.queries import standings
from shared.institutions.states import Activity
from shared.policy.operations import caps
from tenants.billing import adapters
from tenants.billing import methods as billing_methods
from tenants.billing.models import Checkout, Order, Payment, Refund
from tenants.billing.operations import checkouts, orders, payable, payments, prices
from tenants.billing.queries import orders as order_queries
from tenants.billing.queries import prices as price_queries
from tenants.courses.models import TrainingClass
from tenants.courses.operations import classes
from tenants.rosters.models import Enrolment

LATER = timedelta(days=20)


def _suspend(school: Any, **_more: Any) -> None:
    with tenancy.open_public():
        standing.suspend(
            organisation_id=school.institution.organisation_id,
            document_no="演示〔2026〕9号",
            reason="演示：核查发现问题",
            by=school.officer,
            at=school.at,
        )


def _remove(school: Any, **_more: Any) -> None:
    with tenancy.open_public():
        standing.remove(
            organisation_id=school.institution.organisation_id,
            document_no="演示〔2026〕9号",
            reason="演示：核查发现问题",
            by=school.officer,
            at=school.at,
        )


def _close(school: Any, training_class: Any) -> None:
    classes.start_class(class_id=training_class.pk, by=school.registrar, at=school.at)
    classes.close_class(class_id=training_class.pk, by=school.registrar, at=school.at)


def _end(school: Any, training_class: Any) -> None:
    with tenancy.as_owner():
        days = {"starts_on": school.day - timedelta(days=120), "ends_on": school.day - timedelta(days=90)}
        TrainingClass.objects.filter(pk=training_class.pk).update(**days)


def _lower_ceiling(school: Any, **_more: Any) -> None:
    """A ceiling of 500 yuan from the next day on, in the place of the present one."""
    day = school.day + timedelta(days=1)
    cap_id = price_queries.published().get().cap_id
    with tenancy.open_public():
        caps.end_cap(
            cap_id=cap_id, last_day=school.day, why="演示：新标准", proposed_by=uuid7(), by=school.officer, at=school.at
        )
    school.cap(ceiling=Money(50_000), document_no="演示〔2026〕10号", effective_from=day)


OBSTACLES: dict[str, tuple[Callable[..., None], str]] = {
    "its institution is suspended": (_suspend, "standing-forbids"),
    "its institution is removed": (_remove, "standing-forbids"),
    "its class is closed": (_close, "class-over"),
    "its class is over": (_end, "class-over"),
    "a lower ceiling came meanwhile": (_lower_ceiling, "above-cap"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_an_order_is_not_paid_at_the_counter_where(school: Any, obstacle: str) -> None:
    act, code = OBSTACLES[obstacle]
    training_class = school.open_class()
    enrolment, order = school.ordered(training_class.pk, school.person())
    act(school, training_class=training_class)
    call: dict[str, Any] = {"method": "cash", "amount": Money(88_000), "by": school.cashier, "at": school.at + LATER}
    with pytest.raises(Refusal) as refused:
        payments.pay_at_counter(order_id=order.pk, **call)
    order.refresh_from_db()
    enrolment.refresh_from_db()
    assert (refused.value.code, order.state, enrolment.state) == (code, "open", "enrolled")
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_no_payment_page_is_opened_where(school: Any, settings: Any, obstacle: str) -> None:
    act, code = OBSTACLES[obstacle]
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_tests", "http://127.0.0.1:9"
    training_class, person = school.open_class(), school.person()
    _enrolment, order = school.ordered(training_class.pk, person)
    act(school, training_class=training_class)
    with pytest.raises(Refusal) as refused:
        checkouts.start_checkout(order_id=order.pk, return_url="http://x/", by=person, at=school.at + LATER)
    assert (refused.value.code, Checkout.objects.count()) == (code, 0)


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_money_that_comes_is_written_down_and_sent_back_where(school: Any, obstacle: str) -> None:
    act, _code = OBSTACLES[obstacle]
    training_class = school.open_class()
    enrolment, order = school.ordered(training_class.pk, school.person())
    row = Checkout.objects.create(order=order, amount=Money(88_000), started_at=school.at, state_since=school.at)
    act(school, training_class=training_class)
    paid = adapters.Session("cs_1", "", "complete", True, Money(88_000), "pi_1", "")
    assert checkouts.settle_session(checkout_id=row.pk, session=paid, at=school.at + LATER) == "paid"
    order.refresh_from_db()
    enrolment.refresh_from_db()
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, bool(refund.why)) == (Money(88_000), "requested", True)
    assert (order.state, enrolment.state) == ("open", "enrolled")
    assert order_queries.balance(order) == billing_methods.Balance(Money(88_000), Money(88_000), Money(88_000))


def test_who_takes_no_new_trainees_by_its_own_wish_takes_the_fee_of_a_seat_that_is_reserved(school: Any) -> None:
    training_class = school.open_class()
    _enrolment, order = school.ordered(training_class.pk, school.person())
    with tenancy.open_public():
        standing.stop_enrolling(organisation_id=school.institution.organisation_id, by=school.principal, at=school.at)
    payments.pay_at_counter(order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=school.at)
    order.refresh_from_db()
    assert order.state == "paid"


def test_an_order_above_a_new_ceiling_is_placed_anew_at_the_price_of_now_within_the_term_that_it_had(
    school: Any,
) -> None:
    training_class, person = school.open_class(), school.person()
    enrolment, order = school.ordered(training_class.pk, person)
    _lower_ceiling(school)
    tomorrow = school.at + timedelta(days=1)
    with pytest.raises(prices.CapExceeded):
        orders.place_order(enrolment_id=enrolment.pk, by=person, at=tomorrow)
    order.refresh_from_db()
    assert (order.state, Order.objects.count()) == ("open", 1)
    school.at = tomorrow
    school.price(training_class.pk, Money(48_000))
    fresh = orders.place_order(enrolment_id=enrolment.pk, by=person, at=tomorrow)
    order.refresh_from_db()
    assert (order.state, fresh.state, fresh.pay_by == order.pay_by) == ("cancelled", "open", True)
    assert order_queries.balance(fresh) == billing_methods.Balance(Money(48_000), ZERO, ZERO)
    assert orders.place_order(enrolment_id=enrolment.pk, by=person, at=tomorrow).pk == fresh.pk
    assert payable.payment_refusal(order_queries.order_row(fresh.pk), tomorrow) is None


def test_a_class_that_is_over_is_not_listed_and_takes_no_application_no_seat_and_is_not_opened(
    school: Any, acting: Any
) -> None:
    training_class, person = school.open_class(), school.person()
    waiting = school.applied(training_class.pk, person)
    _end(school, training_class)
    with pytest.raises(Refusal) as refused:
        school.applied(training_class.pk, school.person("演示乙"))
    assert refused.value.code == "class-not-enrolling"
    with pytest.raises(Refusal) as refused:
        orders.place_order(enrolment_id=waiting.pk, by=person, at=school.at)
    assert refused.value.code == "class-not-enrolling"
    waiting.refresh_from_db()
    assert (waiting.state, Enrolment.objects.count(), Order.objects.count()) == ("eligible", 1, 0)
    home = acting().get("/").content.decode()
    assert training_class.name not in home
    page = acting().get(f"/classes/{training_class.pk}/").content.decode()
    assert f"/my/classes/{training_class.pk}/apply/" not in page
    draft = school.training_class()
    school.price(draft.pk, Money(88_000))
    _end(school, draft)
    with pytest.raises(payable.ClassOver):
        orders.open_enrolment(class_id=draft.pk, by=school.registrar, at=school.at)


def test_the_page_of_an_order_says_why_it_is_not_paid_now_and_offers_no_payment(school: Any, acting: Any) -> None:
    training_class, person = school.open_class(), school.person()
    _enrolment, order = school.ordered(training_class.pk, person)
    page = acting(person).get(f"/my/orders/{order.pk}/").content.decode()
    assert f"/my/orders/{order.pk}/checkout/" in page or order.number in page
    _suspend(school)
    page = acting(person).get(f"/my/orders/{order.pk}/").content.decode()
    assert "暂停招生" in page
    assert f"/my/orders/{order.pk}/checkout/" not in page
    desk = acting(school.cashier).get(f"/staff/orders/{order.pk}/").content.decode()
    assert "暂停招生" in desk
    assert f"/staff/orders/{order.pk}/payments/" not in desk


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("listed", "plan price open enrol collect"),
        ("not_enrolling", "plan price collect"),
        ("suspended", "plan price"),
        ("removed", ""),
    ],
)
def test_one_rule_says_what_an_institution_may_do_where_it_stands(school: Any, state: str, allowed: str) -> None:
    acts = {"suspended": _suspend, "removed": _remove}
    if state == "not_enrolling":
        with tenancy.open_public():
            standing.stop_enrolling(
                organisation_id=school.institution.organisation_id, by=school.principal, at=school.at
            )
    elif state in acts:
        acts[state](school)
    now = standings.standing(school.institution.pk, school.at)
    assert [str(activity) for activity in Activity if now.may(activity)] == allowed.split()


def test_a_removed_institution_plans_prices_and_opens_no_class_and_a_suspended_one_opens_none(school: Any) -> None:
    draft = school.training_class()
    school.cap()
    school.price(draft.pk, Money(88_000))
    _suspend(school)
    with pytest.raises(standings.StandingForbids):
        orders.open_enrolment(class_id=draft.pk, by=school.registrar, at=school.at)
    draft.refresh_from_db()
    assert draft.state == "draft"
    school.price(draft.pk, Money(80_000))  # prepared for the day on which the suspension is lifted
    _remove(school)
    before = TrainingClass.objects.count()
    for act in (
        lambda: classes.plan_class(
            programme_id=draft.programme_id,
            name="演示二班",
            starts_on=school.day,
            ends_on=school.day,
            capacity=1,
            by=school.registrar,
            at=school.at,
        ),
        lambda: school.price(draft.pk, Money(70_000)),
        lambda: orders.open_enrolment(class_id=draft.pk, by=school.registrar, at=school.at),
    ):
        with pytest.raises(standings.StandingForbids) as refused:
            act()
        assert "清出" in str(refused.value) or "Removed" in str(refused.value)
    assert TrainingClass.objects.count() == before
    assert price_queries.published_of(draft.pk, school.at)[0][0].base == Money(80_000)
