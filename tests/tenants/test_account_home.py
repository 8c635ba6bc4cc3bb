"""The platform's first page of who learns: what one owes, where one learns, what one holds."""

from typing import Any

import pytest

from kernel import tenancy
from shared.identity.models.people import Person
from support import clients, holders


@pytest.fixture
def at_platform(settings: Any, visit: Any) -> Any:
    """Return a client at the platform's host that acts as somebody."""
    settings.NUOXING_ACTOR_LOADER = clients.LOADER

    def make(actor: Any, moment: Any) -> Any:
        return clients.staying(clients.acting_as(clients.client_at("", moment), actor))

    return make


def test_my_training_on_the_platform_says_what_one_owes_and_leads_there(school: Any, at_platform: Any) -> None:
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    with tenancy.open_public():
        page = at_platform(person, school.at).get("/account/home/").text
    assert "¥880.00" in page
    assert f"//alpha.nuoxing.localhost:8000/my/orders/{order.pk}/" in page
    assert "目前没有待办事项" not in page


def test_somebody_who_learns_nowhere_and_holds_nothing_is_led_to_the_institutions(
    school: Any, at_platform: Any
) -> None:
    person = school.person()
    with tenancy.open_public():
        page = at_platform(person, school.at).get("/account/home/").text
    assert 'href="/institutions/"' in page


def test_who_holds_a_certificate_is_not_said_to_be_enrolled_nowhere(school: Any, at_platform: Any, alpha: Any) -> None:
    person = school.person()
    with tenancy.open_public():
        holders.certificate(alpha, Person.objects.get(pk=person.person_id), at=school.at)
        page = at_platform(person, school.at).get("/account/home/").text
    assert ("您有 1 本证书" in page, "您还没有报名" in page) == (True, False)
