"""The search of classes at the platform finds what an institution's own page offers, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import tenancy
from shared.filings.queries import classes as class_queries
from shared.institutions.models import Organisation
from shared.institutions.states import Standing
from tenants.billing.queries import storefront
from tenants.courses.operations import classes
from tenants.courses.queries import catalogue
from tenants.rosters.operations import applications


def _both(school: Any, at: Any) -> tuple[set[Any], set[Any]]:
    """Return the classes of the institution's own page, and those of the search."""
    own = {card.training_class.id for card in storefront.storefront(at).cards}
    with tenancy.open_public():
        return own, set(class_queries.enrolling_classes(at).values_list("pk", flat=True))


@pytest.mark.parametrize("state", [one for one in Standing if one != Standing.REGISTERED])
def test_however_the_institution_stands_both_offer_the_same(school: Any, state: Standing) -> None:
    offered, running, over = (school.open_class() for _n in range(3))
    school.training_class()
    classes.start_class(class_id=running.pk, by=school.registrar, at=school.at)
    for move in (classes.start_class, classes.close_class):
        move(class_id=over.pk, by=school.registrar, at=school.at)
    with tenancy.as_owner():
        Organisation.objects.filter(institution=school.institution).update(state=state)
    expected = {offered.pk} if state == Standing.LISTED else set()
    assert _both(school, school.at) == (expected, expected)
    refused = applications.enrolment_refusal(catalogue.class_value(offered.pk), school.at)
    assert (refused is None) == bool(expected)


def test_a_class_is_offered_to_its_last_day_by_both(school: Any) -> None:
    row = school.open_class()
    last = school.at + (row.enrols_until - school.day)
    assert _both(school, last) == ({row.pk}, {row.pk})
    assert _both(school, last + timedelta(days=1)) == (set(), set())


def test_both_say_the_same_of_price_and_free_places(school: Any) -> None:
    row = school.open_class(capacity=1)
    school.ordered(row.pk, school.person())
    card = storefront.class_card(row.pk, school.at)
    with tenancy.open_public():
        offer = class_queries.offer(row.pk, school.at)
    assert (offer.total, offer.free, offer.can_enrol) == (card.total, card.training_class.free_seats, card.can_apply)
    assert (offer.free, offer.can_enrol) == (0, False)
