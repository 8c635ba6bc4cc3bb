"""Whoever is touched by what somebody else does is told: the notice, its words and where it leads."""

from typing import Any

import pytest
from django.utils import translation

from kernel.money import Money
from shared.identity.queries import accounts as account_queries
from shared.notices import methods
from shared.notices import queries as notice_queries
from shared.notices.models import Message, Notice
from tenants.attempts.operations import conduct
from tenants.billing.operations import orders, refunds
from tenants.rosters.operations import applications
from tenants.rosters.states import Channel


def told(person_id: Any) -> list[str]:
    """Return the notices of a person's account, oldest first."""
    account = account_queries.account_of(person_id)
    assert account is not None
    return list(Notice.objects.filter(account_id=account.id).order_by("pk").values_list("template", flat=True))


def test_who_is_enrolled_at_the_counter_is_told_each_step(school: Any) -> None:
    person = school.person()
    facts = {"education": "college", "major_kind": "core", "practice_years": 3}
    enrolment = applications.apply(
        class_id=school.open_class().pk,
        person_id=person.person_id,
        channel=Channel.COUNTER,
        by=school.registrar,
        at=school.at,
        **facts,
    )
    orders.place_order(enrolment_id=enrolment.pk, by=school.registrar, at=school.at)
    orders.withdraw(enrolment_id=enrolment.pk, why="演示退学", by=school.registrar, at=school.at)
    assert told(person.person_id) == ["rosters.eligible", "rosters.reserved", "rosters.withdrawn"]
    newest = notice_queries.notice_values(Notice.objects.order_by("-pk")[:1], "zh-hans")[0]
    assert "演示一班" in newest.title
    assert newest.path.endswith(f"/my/enrolments/{enrolment.pk}/")
    assert "演示退学" in newest.text


def test_nobody_is_told_of_their_own_act(school: Any) -> None:
    person = school.person()
    enrolment, _order = school.ordered(school.open_class().pk, person)
    orders.withdraw(enrolment_id=enrolment.pk, why="本人退学", by=person, at=school.at)
    assert told(person.person_id) == []


def test_who_paid_is_told_that_money_went_back_and_that_the_rest_is_kept(school: Any) -> None:
    person = school.person()
    _enrolment, _order, payment = school.paid(school.open_class().pk, person)
    before = told(person.person_id)
    refunds.refund(payment_id=payment.pk, amount=Money(1_000), why="多收资料费", by=school.cashier, at=school.at)
    assert told(person.person_id) == [*before, "billing.refunded"]
    message = Message.objects.order_by("-pk")[0]
    assert (message.template, "¥10.00" in message.body.reveal()) == ("billing.refunded", True)


def test_candidates_are_told_when_their_test_is(world: Any, visit: Any) -> None:
    world.signed_in(visit("alpha"), 0)  # gives the first trainee an account
    world.filed(world.enrolments[:2])
    assert told(world.people[0].pk) == ["sittings.filed"]
    notice = Notice.objects.get()
    assert (notice.context["when"][:10], "/ticket/" in notice.path) == (f"{world.starts_at:%Y-%m-%d}", True)


def test_who_is_written_down_as_absent_is_told(world: Any, visit: Any) -> None:
    world.signed_in(visit("alpha"), 0)
    sitting = world.running(world.enrolments[:1], checked_in=False)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.ends_at)
    assert told(world.people[0].pk) == ["sittings.filed", "attempts.absent"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_words_of_a_refund_that_failed_name_amount_and_order(school: Any, language: str) -> None:
    with translation.override(language):
        words = methods.words("billing.refund_failed", {"amount": "¥8.00", "number": "A-1", "url": "/x/"}, language)
    assert ("¥8.00" in words.text, "A-1" in words.text) == (True, True)
