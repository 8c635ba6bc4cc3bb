"""No fee is taken, no seat final and nobody tested by a row of the matrix before a person has looked at the papers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kernel import tenancy
from kernel.money import Money
from shared.notices.models import Notice
from tenants.billing.models import Checkout, Payment
from tenants.billing.operations import checkouts, orders, payable, payments, terms
from tenants.billing.queries import orders as order_queries
from tenants.billing.queries import todos
from tenants.rosters.models import Enrolment
from tenants.rosters.operations import applications
from tenants.rosters.operations import privacy as roster_privacy
from tenants.rosters.queries import todos as roster_todos

LONG = timedelta(days=40)


@pytest.fixture
def unseen(school: Any) -> Any:
    """An order of somebody whose papers nobody has looked at, with its person as `order.by`."""
    person = school.person()
    enrolment = school.applied(school.open_class().pk, person)
    order = orders.place_order(enrolment_id=enrolment.pk, by=person, at=school.at)
    order.by = person
    return order


def look(school: Any, order: Any, at: Any = None) -> None:
    key = order.enrolment_id
    roster_privacy.note_evidence_seen(enrolment_id=key, what="毕业证", by=school.registrar, at=at or school.at)


def pay(school: Any, order: Any, at: Any = None) -> None:
    call: dict[str, Any] = {"method": "cash", "amount": Money(88_000), "by": school.cashier}
    payments.pay_at_counter(order_id=order.pk, **call, at=at or school.at)


def test_no_fee_is_taken_before_a_person_has_looked_at_the_papers(school: Any, settings: Any, unseen: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_tests", "http://127.0.0.1:9"
    with pytest.raises(payable.PapersNotSeen):
        pay(school, unseen)
    with pytest.raises(payable.PapersNotSeen):
        checkouts.start_checkout(order_id=unseen.pk, return_url="http://x/", by=unseen.by, at=school.at)
    assert (Payment.objects.count(), Checkout.objects.count()) == (0, 0)
    look(school, unseen)
    pay(school, unseen)
    assert Enrolment.objects.get().state == "confirmed"


def test_who_was_admitted_by_decision_was_judged_by_a_person_already(school: Any) -> None:
    person = school.person()
    row = school.applied(school.open_class().pk, person, practice_years=0)
    applications.admit_by_decision(enrolment_id=row.pk, why="现场核验从业证明", by=school.principal, at=school.at)
    order = orders.place_order(enrolment_id=row.pk, by=person, at=school.at)
    pay(school, order)
    assert Enrolment.objects.get().state == "confirmed"


def test_the_database_lets_no_seat_become_final_and_nobody_be_a_candidate_before(school: Any, unseen: Any) -> None:
    with tenancy.as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.update(state="confirmed")
    assert Enrolment.objects.get().state == "enrolled"


def test_no_term_of_payment_runs_before_and_all_of_it_after(school: Any, acting: Any, unseen: Any) -> None:
    assert order_queries.overdue(school.at + LONG) == []
    assert terms.release_order(order_id=unseen.pk, at=school.at + LONG) is False
    page = acting(unseen.by).get(f"/my/orders/{unseen.pk}/").content.decode()
    assert ("须先由机构工作人员审看" in page, "前缴费" in page) == (True, False)
    look(school, unseen, at=school.at + LONG)
    fresh = unseen.pay_by + LONG
    assert order_queries.due_by(order_queries.order_row(unseen.pk)) == fresh
    assert order_queries.overdue(fresh) == []
    assert order_queries.overdue(fresh + timedelta(seconds=1)) == [unseen.pk]
    assert terms.release_order(order_id=unseen.pk, at=fresh + timedelta(seconds=1)) is True


def test_both_sides_are_told_what_waits(school: Any, acting: Any, unseen: Any) -> None:
    with translation.override("en"):
        desk = [todo for todo in roster_todos.for_desk(school.registrar, school.at) if "Papers" in str(todo.title)]
        assert [str(todo.title) for todo in desk] == ["Papers of 1 person to look at"]
        [mine] = todos.for_trainee(unseen.by, school.at)
        assert (str(mine.button), mine.due) == ("See it", "")
    listed = acting(school.registrar).get(desk[0].url).content.decode()
    assert unseen.by.name in listed
    look(school, unseen)
    told = Notice.objects.filter(account_id=unseen.by.account_id).values_list("template", flat=True)
    assert "rosters.papers_seen" in told
    with translation.override("en"):
        assert not [t for t in roster_todos.for_desk(school.registrar, school.at) if "Papers" in str(t.title)]
        [mine] = todos.for_trainee(unseen.by, school.at)
        assert str(mine.button) == "Pay"
    assert unseen.by.name not in acting(school.registrar).get(desk[0].url).content.decode()


def test_nothing_to_pay_makes_no_seat_final_before(school: Any) -> None:
    person = school.person()
    row = school.applied(school.open_class(amount=Money(0)).pk, person)
    with pytest.raises(payable.PapersNotSeen):
        orders.place_order(enrolment_id=row.pk, by=person, at=school.at)
    row.refresh_from_db()
    assert row.state == "eligible"
