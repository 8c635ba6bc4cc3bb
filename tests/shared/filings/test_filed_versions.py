"""Versions of filed facts: added, never changed, not by the login either; the newest is what everybody reads."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kernel import tenancy
from kernel.fields import uuid7
from shared.filings.models import FiledSitting, IncidentVersion, SittingVersion
from shared.filings.operations import record_incident, record_sitting
from shared.filings.states import SITTING_MOVES, SittingState


@pytest.fixture
def sitting(nanchang: Any, at: datetime) -> dict[str, Any]:
    """The facts of a sitting that is filed."""
    facts = {
        "institution_id": nanchang.pk,
        "sitting_id": uuid7(),
        "position": "SGY-TJ",
        "starts_at": at + timedelta(days=3),
        "ends_at": at + timedelta(days=3, hours=2),
        "site": "一号考场",
        "candidates": 30,
        "state": "filed",
        "at": at,
    }
    record_sitting(**facts)
    return facts


def _versions() -> list[dict[str, Any]]:
    return list(SittingVersion.objects.order_by("fact_id", "version").values())


def _refuse_as_login(statement: str, message: str) -> None:
    """Expect that the login cannot do it either, and that nothing has changed."""
    _execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing pending holds up a TRUNCATE
    before = _versions()
    with tenancy.as_owner(), pytest.raises(IntegrityError, match=message), transaction.atomic():
        _execute(statement)
    assert _versions() == before


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE filings_sittingversion SET state = 'finalised'",
        "UPDATE filings_sittingversion SET candidates = 1",
        "UPDATE filings_sittingversion SET received_at = now()",
        "UPDATE filings_sittingversion SET superseded_at = now()",
        "UPDATE filings_sittingversion SET superseded_at = NULL",
        "UPDATE filings_filedsitting SET candidates = 1",
        "DELETE FROM filings_sittingversion",
        "DELETE FROM filings_filedsitting",
        "TRUNCATE filings_sittingversion",
    ],
)
def test_nobody_changes_or_deletes_a_version(sitting: dict[str, Any], statement: str) -> None:
    record_sitting(**sitting | {"candidates": 29})
    _refuse_as_login(statement, "kept as it came")


def test_no_role_that_serves_may_try(sitting: dict[str, Any], nanchang: Any) -> None:
    statements = ("UPDATE filings_sittingversion SET superseded_at = now()", "DELETE FROM filings_filedsitting")
    for opened in (tenancy.open_public, lambda: tenancy.open_institution(nanchang)):
        for statement in statements:
            with opened(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                _execute(statement)


def test_a_version_follows_the_one_before_it(sitting: dict[str, Any], ganzhou: Any, at: datetime) -> None:
    (filed,) = before = _versions()
    second = {"id": uuid7(), "version": 2, "received_at": at + timedelta(hours=1)}
    for changes in (
        {"version": 3},
        {"fact_id": uuid7()},
        {"institution_id": ganzhou.pk},
        {"first_received_at": at + timedelta(hours=1)},
        {"superseded_at": at},
    ):
        with tenancy.as_owner(), pytest.raises(IntegrityError), transaction.atomic():
            SittingVersion(**filed | second | changes).save(force_insert=True)
    assert _versions() == before
    SittingVersion(**filed | second).save(force_insert=True)
    assert _versions() == [filed | {"superseded_at": at + timedelta(hours=1)}, filed | second]


def test_a_filed_sitting_goes_on_along_its_chart(sitting: dict[str, Any], at: datetime) -> None:
    onward = {target for source, target in SITTING_MOVES if source == SittingState.FILED}
    for state in set(SittingState) - onward - {SittingState.FILED}:
        with pytest.raises(IntegrityError, match="no sitting goes"), transaction.atomic():
            record_sitting(**sitting | {"state": state})
    for state in ("checkin_open", "running", "closed", "minutes_signed", "finalised"):
        record_sitting(**sitting | {"state": state})
    with pytest.raises(IntegrityError, match="no sitting goes"), transaction.atomic():
        record_sitting(**sitting | {"state": "running"})
    assert [row["state"] for row in _versions()] == [
        "filed", "checkin_open", "running", "closed", "minutes_signed", "finalised",
    ]  # fmt: skip


def test_what_an_incident_said_first_stays_beside_what_is_said_of_it_now(nanchang: Any, at: datetime) -> None:
    facts = {
        "institution_id": nanchang.pk, "incident_id": uuid7(), "sitting_id": uuid7(), "kind": "power",
        "severity": "serious", "happened_at": at, "at": at,
    }  # fmt: skip
    record_incident(**facts, words="停电")
    record_incident(**facts, words="停电\n已恢复")
    assert list(IncidentVersion.objects.order_by("version").values_list("words", flat=True)) == ["停电", "停电\n已恢复"]


def test_the_newest_version_is_shown_with_the_readers_own_rights(
    sitting: dict[str, Any], nanchang: Any, ganzhou: Any
) -> None:
    record_sitting(**sitting | {"candidates": 29})
    seen = {}
    for institution in (nanchang, ganzhou):
        with tenancy.open_institution(institution):
            seen[institution.slug] = list(FiledSitting.objects.values_list("pk", "version", "candidates"))
    assert seen == {nanchang.slug: [(sitting["sitting_id"], 2, 29)], ganzhou.slug: []}
