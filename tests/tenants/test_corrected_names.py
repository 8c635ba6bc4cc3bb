"""A corrected name is the register's everywhere but in what is final."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import audit, later, tenancy
from kernel.access import SYSTEM
from kernel.money import Money
from shared.certificates.models import Certificate
from shared.exchange.models.messages import Message
from shared.identity.operations import closing
from support import holders
from tenants.billing.models import Order
from tenants.billing.operations import orders, payments
from tenants.billing.queries import receipts
from tenants.courses.models import Participant
from tenants.portal.tasks import refresh_person
from tenants.rosters.models import Enrolment


def _correct(person_id: Any, at: Any, name: str = "演示改名") -> None:
    with tenancy.open_public():
        closing.correct_person(person_id=person_id, by=SYSTEM, why="户口本", at=at, name=name)
        later.drain()


def test_what_is_not_final_carries_the_corrected_name(school: Any) -> None:
    person = school.person("演示原名")
    enrolment, order, _payment = school.paid(school.open_class().pk, person)
    _correct(person.person_id, school.at)
    seat = Participant.objects.get(enrolment_id=enrolment.pk)
    enrolment.refresh_from_db()
    order.refresh_from_db()
    assert (enrolment.person_name, seat.name, order.payer) == ("演示改名", "演示改名", "演示原名")
    note = audit.history(enrolment)[-1]
    assert (note.verb, note.why) == ("enrolment.correct-name", order.number)


def test_an_order_that_waits_for_money_is_the_corrected_persons_and_its_receipt_too(school: Any, acting: Any) -> None:
    person = school.person("演示原名")
    enrolment, order = school.ordered(school.open_class().pk, person)
    _correct(person.person_id, school.at)
    assert audit.history(enrolment)[-1].why == ""
    cashier = acting(school.cashier)
    assert cashier.get(f"/staff/orders/{order.pk}/").context["order"].payer == "演示改名"
    for path in ("/staff/orders/", "/staff/orders/?q=改名", "/staff/orders/?sort=payer"):
        page = cashier.get(path).content.decode()
        assert ("演示改名" in page, "演示原名" in page) == (True, False), path
    payment = payments.pay_at_counter(
        order_id=order.pk, method="cash", amount=Money(88_000), by=school.cashier, at=school.at
    )
    assert receipts.receipt(payment.pk, by=person).payer == "演示改名"
    with tenancy.as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(payer="另一人")


def test_what_is_made_after_a_correction_reads_the_register(school: Any) -> None:
    person = school.person("演示原名")
    training_class = school.open_class()
    row = school.applied(training_class.pk, person)
    with tenancy.open_public():
        closing.correct_person(person_id=person.person_id, by=SYSTEM, why="户口本", at=school.at, name="演示改名")
    order = orders.place_order(enrolment_id=row.pk, by=person, at=school.at)
    assert (order.payer, Participant.objects.get(enrolment_id=row.pk).name) == ("演示改名", "演示改名")
    with tenancy.open_public():
        assert Message.objects.filter(kind="person").exists()


def test_the_places_of_a_sitting_are_refreshed_until_its_minutes_are_signed(world: Any) -> None:
    sitting = world.filed(world.enrolments[:2])
    with tenancy.open_public():
        closing.correct_person(person_id=world.people[0].pk, by=SYSTEM, why="户口本", at=world.at, name="演示改名")
    refresh_person(person_id=str(world.people[0].pk), at=world.at)
    assert world.candidacy_of(sitting, 0).name == "演示改名"
    assert world.candidacy_of(sitting, 1).name == world.people[1].name
    assert Enrolment.objects.get(pk=world.enrolments[0].pk).person_name == "演示改名"


def test_a_result_without_a_number_takes_the_corrected_name_and_a_certificate_keeps_its_own(
    institutions: Any, at: Any
) -> None:
    person = holders.holder(at)
    row = holders.certificate(institutions[0], person, at=at)
    _correct(person.pk, at)
    assert Certificate.objects.get(pk=row.pk).holder == "演示改名"
