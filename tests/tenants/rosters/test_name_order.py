"""People stand in lists by the pinyin of their names, their surnames read as surnames."""

from typing import Any

import pytest

from tenants.courses.queries import learning
from tenants.sittings.queries import sittings

CODE_POINTS = ["单国强", "曾志伟", "艾小红"]
PINYIN = ["艾小红", "单国强", "曾志伟"]  # ai, shan, zeng


@pytest.fixture
def training_class(school: Any) -> Any:
    training_class = school.open_class()
    for name in CODE_POINTS:
        school.paid(training_class.pk, school.person(name))
    return training_class


def test_lists_of_people_are_in_the_order_of_pinyin(training_class: Any, school: Any, acting: Any) -> None:
    assert sorted(CODE_POINTS) == CODE_POINTS
    assert [seat.name for seat in learning.participants(training_class)] == PINYIN
    assert [readiness.name for _key, readiness in sittings.ready_enrolments("SGY-TJ")] == PINYIN
    for sort, names in (("person_name", PINYIN), ("-person_name", PINYIN[::-1])):
        page = acting(school.registrar).get(f"/staff/enrolments/?sort={sort}").text
        assert sorted(names, key=page.index) == names
