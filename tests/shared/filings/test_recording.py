"""Facts filed by institutions: nobody else can change them, and filing again is harmless."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import audit, tenancy
from kernel.errors import NotFound
from kernel.fields import uuid7
from kernel.money import Money
from shared.filings import operations as filings
from shared.filings.models import FiledSitting, PriceVersion, PublishedPrice, ReportedIncident, SittingVersion
from shared.policy.models import FeeCap
from shared.policy.operations import caps


def _sitting(institution: Any, at: datetime, **over: Any) -> dict[str, Any]:
    facts = {
        "institution_id": institution.pk,
        "sitting_id": uuid7(),
        "position": "SGY-TJ",
        "starts_at": at + timedelta(days=3),
        "ends_at": at + timedelta(days=3, hours=2),
        "site": "一号考场",
        "candidates": 30,
        "state": "filed",
        "at": at,
    }
    return facts | over


@pytest.fixture
def cap(public_db: None, as_actor: Any, at: datetime) -> Any:
    """Return a ceiling of 500 yuan a person for training."""
    return caps.enter_cap(
        document_no="演示文号",
        fee_item="training",
        position="",
        unit="person",
        ceiling=Money.from_yuan("500"),
        decision_note="",
        effective_from=at.date(),
        demo=True,
        proposed_by=uuid7(),
        by=as_actor("province_officer", scope="360000"),
        at=at,
    )


def _price(institution: Any, cap: Any, at: datetime, **over: Any) -> dict[str, Any]:
    facts = {
        "institution_id": institution.pk,
        "price_id": uuid7(),
        "class_id": uuid7(),
        "class_name": "春季一班",
        "position": "CLY",
        "fee_item": "training",
        "unit": "person",
        "amount": Money.from_yuan("480"),
        "cap_id": cap.id,
        "published_at": at,
        "at": at,
    }
    return facts | over


def test_a_sitting_is_told_from_inside_the_institution_and_kept_outside(alpha: Any, at: datetime) -> None:
    facts = _sitting(alpha, at)
    filings.record_sitting(**facts)
    with tenancy.open_public():
        row = FiledSitting.objects.get(pk=facts["sitting_id"])
    assert (row.institution_id, row.state, row.candidates, row.first_received_at) == (alpha.pk, "filed", 30, at)


def test_telling_again_unchanged_does_nothing_and_changed_keeps_what_was_before(nanchang: Any, at: datetime) -> None:
    facts = _sitting(nanchang, at)
    filings.record_sitting(**facts)
    filings.record_sitting(**facts | {"at": at + timedelta(hours=1)})
    row = FiledSitting.objects.get(pk=facts["sitting_id"])
    assert (row.received_at, len(audit.history(row))) == (at, 1)
    filings.record_sitting(**facts | {"state": "checkin_open", "at": at + timedelta(hours=2)})
    row.refresh_from_db()
    assert (row.state, row.first_received_at, row.received_at) == ("checkin_open", at, at + timedelta(hours=2))
    note = audit.history(row)[-1]
    assert (note.before, note.after) == ({"state": "filed"}, {"state": "checkin_open"})
    rows = SittingVersion.objects.order_by("version").values_list("version", "state", "received_at", "superseded_at")
    later = at + timedelta(hours=2)
    assert list(rows) == [(1, "filed", at, later), (2, "checkin_open", later, None)]


def test_nobody_changes_what_another_institution_told(nanchang: Any, ganzhou: Any, at: datetime) -> None:
    facts = _sitting(nanchang, at)
    filings.record_sitting(**facts)
    with pytest.raises(filings.FiledByAnotherInstitution):
        filings.record_sitting(**facts | {"institution_id": ganzhou.pk, "state": "cancelled"})
    assert FiledSitting.objects.get(pk=facts["sitting_id"]).state == "filed"


def test_words_that_nobody_knows_are_refused(nanchang: Any, at: datetime) -> None:
    with pytest.raises(filings.UnknownValue):
        filings.record_sitting(**_sitting(nanchang, at, state="somewhere"))
    with pytest.raises(filings.UnknownValue):
        filings.record_incident(
            institution_id=nanchang.pk,
            incident_id=uuid7(),
            sitting_id=None,
            kind="power",
            severity="dreadful",
            words="停电",
            happened_at=at,
            at=at,
        )
    assert (FiledSitting.objects.count(), ReportedIncident.objects.count()) == (0, 0)


def test_the_words_of_an_incident_are_kept_but_not_in_the_audit(nanchang: Any, at: datetime) -> None:
    key = uuid7()
    filings.record_incident(
        institution_id=nanchang.pk,
        incident_id=key,
        sitting_id=uuid7(),
        kind="misconduct",
        severity="serious",
        words="考生张某某夹带纸条",
        happened_at=at,
        at=at,
    )
    row = ReportedIncident.objects.get(pk=key)
    assert row.words == "考生张某某夹带纸条"
    assert "张某某" not in str(audit.history(row))


def test_a_price_is_kept_with_the_ceiling_that_the_platform_reads_itself(nanchang: Any, cap: Any, at: datetime) -> None:
    facts = _price(nanchang, cap, at)
    filings.record_price(**facts)
    row = PublishedPrice.objects.get(pk=facts["price_id"])
    assert (row.amount, row.max_amount, row.in_force) == (Money(48000), Money(50000), True)
    filings.record_price(**facts | {"in_force": False})
    row.refresh_from_db()
    assert row.in_force is False


def test_a_price_above_its_ceiling_is_refused_here_and_by_the_database(nanchang: Any, cap: Any, at: datetime) -> None:
    with pytest.raises(filings.PriceAboveCeiling):
        filings.record_price(**_price(nanchang, cap, at, amount=Money.from_yuan("500.01")))
    with pytest.raises(NotFound):
        filings.record_price(**_price(nanchang, cap, at, cap_id=uuid7()))
    filings.record_price(**_price(nanchang, cap, at))
    filed = PriceVersion.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceVersion(**filed | {"id": uuid7(), "fact_id": uuid7(), "amount": Money(50001)}).save(force_insert=True)
    assert list(PriceVersion.objects.values()) == [filed]


@pytest.mark.parametrize("changes", [{"jurisdiction": "420000"}, {"effective_from": 1}, {"effective_to": -1}])
def test_a_filed_price_names_a_ceiling_of_its_own_province_in_force_that_day(
    nanchang: Any, cap: Any, at: datetime, changes: dict[str, Any]
) -> None:
    row = FeeCap.objects.get(pk=cap.id)
    row.pk, row.position, row.effective_from = uuid7(), "CLY", at.date() - timedelta(days=9)
    for name, value in changes.items():
        setattr(row, name, at.date() + timedelta(days=value) if isinstance(value, int) else value)
    with tenancy.as_owner():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        filings.record_price(**_price(nanchang, row, at))
    assert not PublishedPrice.objects.exists()


def test_a_filed_price_has_its_ceiling_s_own_item_position_unit_and_amount(
    nanchang: Any, cap: Any, at: datetime
) -> None:
    filings.record_price(**_price(nanchang, cap, at))
    filed = PriceVersion.objects.values().get()
    for changes in ({"fee_item": "test"}, {"unit": "class-hour"}, {"max_amount": Money(90_000)}):
        with tenancy.as_owner(), pytest.raises(IntegrityError, match="no ceiling"), transaction.atomic():
            PriceVersion(**filed | {"id": uuid7(), "fact_id": uuid7()} | changes).save(force_insert=True)
    assert list(PriceVersion.objects.values()) == [filed]


def test_of_a_filed_price_only_its_end_moves_and_only_once(nanchang: Any, cap: Any, at: datetime) -> None:
    facts = _price(nanchang, cap, at)
    filings.record_price(**facts)
    end = {"in_force": False, "at": at + timedelta(days=1)}
    changes = ({"class_name": "另一班"}, {"amount": Money(1)}, {"published_at": at + timedelta(days=1)})
    for one in (*changes, *(end | change for change in changes)):
        with pytest.raises(IntegrityError, match="but for its end"), transaction.atomic():
            filings.record_price(**facts | one)
    filings.record_price(**facts | end)
    filed = list(PriceVersion.objects.order_by("version").values())
    for one in ({"in_force": True}, end | {"class_name": "另一班"}):
        with pytest.raises(IntegrityError, match="but for its end"), transaction.atomic():
            filings.record_price(**facts | one)
    assert list(PriceVersion.objects.order_by("version").values()) == filed
    assert PublishedPrice.objects.values("version", "in_force").get() == {"version": 2, "in_force": False}
