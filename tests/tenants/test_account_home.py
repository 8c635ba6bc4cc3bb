"""The platform's first page of who learns: what one owes, where one learns, what one holds."""

from typing import Any

import pytest

from kernel import tenancy
from support import clients


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
