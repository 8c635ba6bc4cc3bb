"""A first listing without the ministry's system: an officer uploads by hand, or a stand-in that says so answers."""

from datetime import date, datetime
from typing import Any

import pytest

from kernel import access, clock, later
from kernel.models import AuditEntry
from kernel.states import WrongState
from shared.exchange.operations import reconciling
from shared.exchange.queries import messages as exchange_messages
from shared.exchange.values import is_of_stand_in
from shared.institutions.models import Institution, Organisation
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Upload
from shared.registry.operations import ministry, publicity

NUMBER = "建〔2026〕收 0012"


@pytest.fixture
def waiting(life: Any) -> Commitment:
    """Return a commitment whose notice has ended, where no system of the ministry is connected."""
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    later.drain()
    row.refresh_from_db()
    assert row.state == "uploading"
    return row


def _record(life: Any, row: Commitment, **over: Any) -> None:
    facts: dict[str, Any] = {"receipt_no": NUMBER, "received_on": date(2026, 3, 11), "by": life.officer}
    ministry.record_upload(commitment_id=row.pk, **(facts | {"at": life.after(10)} | over))


def _nothing_changed(row: Commitment) -> bool:
    upload = Upload.objects.get(commitment=row)
    state = Commitment.objects.values_list("state", flat=True).get(pk=row.pk)
    listed = Institution.objects.filter(organisation=row.organisation_id).exists()
    return (state, upload.receipt_no, upload.recorded_by, listed) == ("uploading", "", None, False)


def test_an_upload_by_hand_lists_the_institution_and_says_who_recorded_it_and_when(
    life: Any, waiting: Commitment
) -> None:
    _record(life, waiting, receipt_no=f"  {NUMBER} ")
    upload, organisation = Upload.objects.get(commitment=waiting), Organisation.objects.get(pk=waiting.organisation_id)
    waiting.refresh_from_db()
    assert (waiting.state, organisation.state, upload.receipt_no) == ("listed", "listed", NUMBER)
    assert upload.received_at == datetime(2026, 3, 11, tzinfo=clock.CHINA)
    assert (upload.recorded_by, upload.recorded_name, upload.recorded_at) == (
        life.officer.account_id, "演示科长", life.after(10),
    )  # fmt: skip
    note = AuditEntry.objects.get(verb="upload.record")
    assert (note.actor_id, note.acting_as, note.after["receipt_no"]) == (
        life.officer.account_id,
        "city_officer",
        NUMBER,
    )
    message = exchange_messages.message_status("ministry", "institution", str(upload.request_id))
    assert message is not None
    assert (message.state, message.attempts) == ("settled", 1)
    reconciling.reconcile_all(at=life.after(11), real=clock.real_now())
    assert not exchange_messages.discrepancies().exists()


@pytest.mark.parametrize(
    ("role", "scope", "level"),
    [
        ("city_officer", "360200", 2),
        ("inspector", "360100", 2),
        ("province_officer", "360000", 2),
        ("platform_operator", "", 2),
        ("city_officer", "360100", 1),
    ],
)
def test_nobody_but_an_officer_of_this_very_authority_records_it(
    life: Any, waiting: Commitment, role: str, scope: str, level: int
) -> None:
    by = access.Actor(life.officer.account_id, None, "某", level, frozenset({access.Grant(role, scope)}))
    with pytest.raises((access.Denied, access.SecondFactorNeeded, ministry.NotFound)):
        _record(life, waiting, by=by)
    assert _nothing_changed(waiting)


@pytest.mark.parametrize(
    ("over", "refusal"),
    [
        ({"receipt_no": "   "}, ministry.ReceiptNeeded),
        ({"receipt_no": "9" * 61}, ministry.ReceiptNeeded),
        ({"received_on": date(2026, 3, 9)}, ministry.UploadDayImpossible),
        ({"received_on": date(2026, 3, 13)}, ministry.UploadDayImpossible),
    ],
)
def test_a_receipt_has_a_number_and_a_day_after_the_notice(
    life: Any, waiting: Commitment, over: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _record(life, waiting, **over)
    assert _nothing_changed(waiting)


def test_a_receipt_belongs_to_one_institution(life: Any, waiting: Commitment) -> None:
    _record(life, waiting)
    other = life.under_notice_of(credit_code="123604000000000272", name="南昌另一培训学校")
    publicity.close_notices(at=life.after(8))
    with pytest.raises(ministry.ReceiptOfAnother, match="赣江"):
        _record(life, other)
    assert _nothing_changed(other)


def test_an_upload_is_recorded_once_and_not_before_the_notice_has_ended(life: Any) -> None:
    row = life.under_notice()
    with pytest.raises(WrongState):
        _record(life, row)
    publicity.close_notices(at=life.after(8))
    _record(life, row)
    with pytest.raises(WrongState):
        _record(life, row, receipt_no="another")
    assert Upload.objects.get(commitment=row).receipt_no == NUMBER


def test_the_officer_s_page_and_the_api_record_alike(life: Any, waiting: Commitment, acting: Any) -> None:
    officer = acting(life.officer, moment=life.after(10))
    desk = f"/authority/commitments/{waiting.pk}/"
    page = officer.get(desk).content.decode()
    assert "人工上传" in page
    wrong = officer.post(f"{desk}upload/", {"receipt_no": "", "received_on": "2026-03-11"})
    assert (wrong.status_code, "人工上传" in wrong.content.decode()) == (422, True)
    api = f"/api/v1/commitments/{waiting.pk}/upload/"
    body = {"receipt_no": NUMBER, "received_on": "2026-03-09"}
    refused = officer.post(api, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "upload-day-impossible")
    never = officer.post(api, body | {"received_on": "0001-01-01"}, content_type="application/json")
    assert (never.status_code, list(never.json()["errors"])) == (400, ["received_on"])
    assert officer.get(api).json()["receipt_no"] == ""
    assert _nothing_changed(waiting)
    done = officer.post(api, body | {"received_on": "2026-03-11"}, content_type="application/json")
    assert (done.status_code, done.json()["receipt_no"], done.json()["recorded_by"]) == (201, NUMBER, "演示科长")
    page = officer.get(desk).content.decode()
    assert "演示科长" in page
    assert NUMBER in page
    assert f"{desk}upload/" not in page


def test_an_officer_of_another_city_meets_no_page_of_it(life: Any, waiting: Commitment, acting: Any) -> None:
    other = acting(life.as_actor("city_officer", scope="360200", name="外市"))
    assert other.post(f"/authority/commitments/{waiting.pk}/upload/", {"receipt_no": NUMBER}).status_code == 404
    assert other.get(f"/api/v1/commitments/{waiting.pk}/upload/").status_code == 404
    assert _nothing_changed(waiting)


# --- The stand-in -----------------------------------------------------------------------------------------------------


def test_a_stand_in_that_was_switched_on_lists_with_a_receipt_that_says_so(
    life: Any, settings: Any, acting: Any, visit: Any
) -> None:
    settings.NUOXING_STAND_IN_MINISTRY = True
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    later.drain(until=life.after(9))
    row.refresh_from_db()
    upload = Upload.objects.get(commitment=row)
    assert (row.state, upload.receipt_no[:10], is_of_stand_in(upload.receipt_no)) == ("listed", "替身-收-2026-", True)
    page = acting(life.officer).get(f"/authority/commitments/{row.pk}/").content.decode()
    assert "住建部系统由替身代替" in page
    assert page.count("由试用替身给出") == 1
    for address in (
        "/",
        "/institutions/",
        f"/institutions/{Institution.objects.get(organisation=row.organisation_id).slug}/",
    ):
        assert "住建部系统由替身代替" in visit().get(address).content.decode(), address
    operator = acting(life.as_actor("platform_operator"))
    assert "由本平台的替身代为答复" in operator.get("/operator/exchange/").content.decode()
    assert reconciling.reconcile_all(at=life.after(11), real=clock.real_now()) == 0


def test_without_it_no_page_speaks_of_a_stand_in(life: Any, waiting: Commitment, acting: Any, visit: Any) -> None:
    assert "替身" not in visit().get("/").content.decode()
    assert "替身" not in acting(life.officer).get(f"/authority/commitments/{waiting.pk}/").content.decode()


def test_what_a_stand_in_gave_stays_marked_when_it_is_switched_off(life: Any, settings: Any, acting: Any) -> None:
    settings.NUOXING_STAND_IN_MINISTRY = True
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    later.drain(until=life.after(9))
    settings.NUOXING_STAND_IN_MINISTRY = False
    page = acting(life.officer).get(f"/authority/commitments/{row.pk}/").content.decode()
    assert "由试用替身给出" in page
    assert "住建部系统由替身代替" not in page
