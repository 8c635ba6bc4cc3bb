"""Institutions stand in lists by the pinyin of their names, whoever wrote them."""

from datetime import datetime
from typing import Any

import pytest

from kernel import tenancy
from shared.institutions.models import Institution
from shared.institutions.queries import listing

CODE_POINTS = ["上饶培训学校", "九江培训学校"]
PINYIN = ["九江培训学校", "上饶培训学校"]


@pytest.fixture
def named(institutions: tuple[Any, Any], public_db: None) -> tuple[Any, Any]:
    with tenancy.as_owner():
        for row, name in zip(institutions, CODE_POINTS, strict=True):
            Institution.objects.filter(pk=row.pk).update(name=name)
    return institutions


def test_the_public_list_is_in_the_order_of_pinyin(named: Any, visit: Any, at: datetime) -> None:
    assert sorted(CODE_POINTS) == CODE_POINTS
    assert [row.name for row in listing.public_list()] == PINYIN
    assert [row.name for row in listing.listed(at)] == PINYIN
    for query, names in (("", PINYIN), ("?sort=name", PINYIN), ("?sort=-name", CODE_POINTS)):
        page = visit().get(f"/institutions/{query}").text
        assert sorted(names, key=page.index) == names


def test_hosts_come_in_the_order_of_pinyin(named: Any) -> None:
    hosts = tenancy.institution_hosts(institution_ids=[row.pk for row in named])
    assert [host.name for host in hosts] == PINYIN
