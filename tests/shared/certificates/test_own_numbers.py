"""A province that numbers its certificates itself: by its template, once, and nobody else is asked."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from kernel import later
from kernel.access import SYSTEM
from shared.certificates.models import Certificate
from shared.certificates.operations import corrections, numbering
from shared.identity.models.people import Person
from shared.policy.operations import packs
from shared.policy.queries import packs as pack_queries

Ask = Callable[..., Certificate]


@pytest.fixture
def own(public_db: None, at: datetime) -> str:
    """A version of the law by which numbers are the province's own."""
    body = json.loads(json.dumps(pack_queries.body(pack_queries.pack_at(at).version)))
    body["certificates"]["numbering"]["value"] = "own"
    body["certificates"]["template"]["value"] = "演{yyyy}-{position}-{inst4}-{seq6}-{check}"
    return packs.load_revision(body=body, effective_from=date(2027, 1, 1), by=SYSTEM, at=at).version


def test_numbers_follow_the_template_and_the_ministry_is_not_asked(ask: Ask, own: str, ministry: Any) -> None:
    rows = [ask(policy_version=own, position=position) for position in ("SGY-TJ", "SGY-ZS")]
    later.drain()
    for row in rows:
        row.refresh_from_db()
    numbers = [row.number or "" for row in rows]
    assert [number.rpartition("-")[0] for number in numbers] == [
        "演2026-SGY-TJ-0184-000001", "演2026-SGY-ZS-0184-000002",
    ]  # fmt: skip
    assert [row.state for row in rows] == ["issued", "issued"]
    assert ministry.reports == []


def test_a_certificate_is_numbered_once(ask: Ask, own: str, at: datetime) -> None:
    row = ask(policy_version=own)
    for _n in range(2):
        numbering.assign_own_number(certificate_id=row.pk, at=at)
    row.refresh_from_db()
    assert (row.version, row.trouble) == (1, "")
    assert Certificate.objects.filter(number__isnull=False).count() == 1


def test_a_name_that_cannot_be_printed_is_refused_until_an_officer_has_it_numbered_again(
    ask: Ask, own: str, person: Any, officer: Any, at: datetime
) -> None:
    Person.objects.filter(pk=person.pk).update(name="演𠀀")
    row = ask(policy_version=own)
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.number, "U+20000" in row.trouble) == ("refused", None, True)
    Person.objects.filter(pk=person.pk).update(name="演示")
    corrections.report_again(certificate_id=row.pk, remark="姓名已按登记更正", by=officer, at=at)
    later.drain()
    row.refresh_from_db()
    assert (row.state, row.holder, row.trouble) == ("issued", "演示", "")


def test_where_numbers_come_from_outside_none_is_made_up(ask: Ask, at: datetime) -> None:
    row = ask()
    numbering.assign_own_number(certificate_id=row.pk, at=at)
    row.refresh_from_db()
    assert (row.state, row.number) == ("requested", None)
