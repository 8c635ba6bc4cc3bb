"""The public notice, objections to it, its end, and the ministry's receipt."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from kernel import access, clock, later
from kernel.states import WrongState
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.queries import messages as exchange_message_queries
from shared.institutions.models import Domain, Institution, Organisation
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Objection, Upload
from shared.registry.operations import ministry as registry_ministry
from shared.registry.operations import publicity, signing
from shared.registry.queries import commitments
from shared.registry.queries import notices as registry_notices

WORDS = "该机构教室为临时租用，与公示不符"


def _object(life: Any, row: Commitment, **over: Any) -> Objection:
    facts = {"text": WORDS, "source": "10.0.0.1", "real": life.at, "at": life.at} | over
    return publicity.file_objection(notice_id=life.notice(row).pk, **facts)


def _state(row: Commitment) -> str:
    return Commitment.objects.values_list("state", flat=True).get(pk=row.pk)


@pytest.fixture
def ministry(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the ministry's system on the wire: what it was sent, and whether it has a receipt yet."""
    world: dict[str, Any] = {"sent": [], "receipt": False, "down": False}
    settings.NUOXING_FAKES_URL = "http://ministry.invalid"

    def answer(request: httpx.Request) -> httpx.Response:
        if world["down"]:
            raise httpx.ConnectError("down")
        if request.method == "POST":
            world["sent"].append(request.read())
            return httpx.Response(202, json={"accepted": True})
        if not world["receipt"]:
            return httpx.Response(404)
        return httpx.Response(200, json={"receipt_no": "HZ-2026-0001", "received_at": "2026-03-10T02:00:00+00:00"})

    real = httpx.Client

    def client(**facts: Any) -> httpx.Client:
        return real(transport=httpx.MockTransport(answer), **facts)

    monkeypatch.setattr(httpx, "Client", client)
    return world


def _go_on(row: Commitment) -> None:
    """Let the message about a commitment take its next step."""
    upload = commitments.upload_of(row)
    assert upload is not None
    message = exchange_message_queries.message_id("ministry", "institution", str(upload.request_id))
    exchange_messages.push(message_id=message, at=upload.requested_at, real=clock.real_now())


def _message_status(row: Commitment) -> Any:
    upload = commitments.upload_of(row)
    assert upload is not None
    return exchange_message_queries.message_status("ministry", "institution", str(upload.request_id))


def test_a_notice_does_not_end_before_the_end_of_its_last_day(life: Any) -> None:
    row = life.under_notice()
    last_minute = datetime.fromisoformat("2026-03-09T23:59:00+08:00")
    assert publicity.close_notices(at=last_minute) == 0
    assert _state(row) == "under_notice"
    assert publicity.close_notices(at=last_minute + timedelta(minutes=1)) == 1
    assert _state(row) == "uploading"
    assert publicity.close_notices(at=last_minute + timedelta(days=1)) == 0


def test_an_open_objection_keeps_a_notice_from_ending_and_a_dismissed_one_does_not(life: Any) -> None:
    row = life.under_notice()
    objection = _object(life, row)
    assert publicity.close_notices(at=life.after(10)) == 0
    assert publicity.close_notice(notice_id=objection.notice_id, at=life.after(10)) is False
    publicity.decide_objection(
        objection_id=objection.pk,
        upheld=False,
        reason="经核实租期覆盖培训期，异议不成立",
        by=life.officer,
        at=life.after(10),
    )
    assert publicity.close_notices(at=life.after(10)) == 1
    assert _state(row) == "uploading"


def test_an_upheld_objection_returns_the_commitment_to_be_corrected(life: Any) -> None:
    row = life.under_notice()
    objection = _object(life, row)
    reason = "经核实租期不足，异议成立"
    publicity.decide_objection(objection_id=objection.pk, upheld=True, reason=reason, by=life.officer, at=life.at)
    row.refresh_from_db()
    notice = row.public_notices.get()
    assert (row.state, notice.ending, notice.ended_at) == ("returned", "returned", life.at)
    assert commitments.editable(row)
    assert [o.reason for o in registry_notices.decided_objections(notice)] == [reason]
    life.submit(row, life.after(1))
    assert (row.state, row.version) == ("submitted", 2)


def test_an_objection_may_be_anonymous_and_its_source_is_kept_as_a_keyed_hash_only(life: Any) -> None:
    objection = _object(life, life.under_notice())
    objection.refresh_from_db()
    assert (objection.name, objection.contact, len(objection.source)) == ("", None, 32)
    named = _object(life, objection.notice.commitment, name="演示戊", contact="13800138000", source="10.0.0.2")
    named.refresh_from_db()
    assert str(named.contact) == "138****8000"


def test_after_the_last_day_nobody_can_object_any_more(life: Any) -> None:
    row = life.under_notice()
    with pytest.raises(publicity.NoticeEnded):
        _object(life, row, at=life.after(8))
    assert Objection.objects.count() == 0


def test_a_flood_from_one_address_is_held_back_within_the_hour(life: Any) -> None:
    row = life.under_notice()
    for _n in range(5):
        _object(life, row)
    with pytest.raises(publicity.TooManyObjections):
        _object(life, row)
    _object(life, row, source="10.0.0.2")
    _object(life, row, real=life.at + timedelta(minutes=61))
    assert Objection.objects.count() == 7


def test_an_objection_says_something(life: Any) -> None:
    row = life.under_notice()
    with pytest.raises(publicity.TextTooShort):
        _object(life, row, text="不好")


@pytest.mark.parametrize(("role", "scope"), [("inspector", "360100"), ("province_officer", "360000")])
def test_objections_are_decided_by_an_officer_of_this_very_authority(life: Any, role: str, scope: str) -> None:
    objection = _object(life, life.under_notice())
    with pytest.raises(access.Denied):
        publicity.decide_objection(
            objection_id=objection.pk, upheld=True, reason=WORDS, by=life.as_actor(role, scope=scope), at=life.at
        )
    objection.refresh_from_db()
    assert objection.state == "open"


def test_an_objection_is_decided_once(life: Any) -> None:
    objection = _object(life, life.under_notice())
    decide = {"objection_id": objection.pk, "reason": WORDS, "by": life.officer, "at": life.at}
    publicity.decide_objection(upheld=False, **decide)
    with pytest.raises(WrongState):
        publicity.decide_objection(upheld=True, **decide)
    objection.refresh_from_db()
    assert objection.state == "dismissed"


def test_withdrawing_ends_the_notice(life: Any) -> None:
    row = life.under_notice()
    signing.withdraw(commitment_id=row.pk, why="", by=life.principal(row), at=life.at)
    assert (_state(row), row.public_notices.get().ending) == ("withdrawn", "withdrawn")


def test_with_the_ministrys_receipt_an_institution_is_listed_in_one_transaction(
    life: Any, ministry: dict[str, Any]
) -> None:
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    _go_on(row)
    _go_on(row)
    assert (_state(row), Institution.objects.count()) == ("uploading", 2)
    ministry["receipt"] = True
    _go_on(row)
    institution = Institution.objects.get(organisation=row.organisation_id)
    organisation = Organisation.objects.get(pk=row.organisation_id)
    assert (_state(row), organisation.state, institution.slug) == ("listed", "listed", "nanchangganjiang")
    assert (institution.ready, institution.positions) == (False, ["CLY", "SGY-TJ"])
    assert Domain.objects.get(tenant=institution).domain == "nanchangganjiang.nuoxing.localhost"
    assert (Upload.objects.get(commitment=row).receipt_no, len(ministry["sent"])) == ("HZ-2026-0001", 1)
    assert _message_status(row).state == "settled"


def test_a_second_receipt_changes_nothing(life: Any, ministry: dict[str, Any]) -> None:
    row = life.under_notice()
    ministry["receipt"] = True
    publicity.close_notices(at=life.after(8))
    _go_on(row)
    _go_on(row)
    number = Upload.objects.get(commitment=row).request_id
    registry_ministry.receive_receipt(request_id=number, receipt_no="HZ-OTHER", received_at=life.at, at=life.after(9))
    assert (Institution.objects.count(), Upload.objects.get(commitment=row).receipt_no) == (3, "HZ-2026-0001")


def test_without_a_ministrys_system_the_upload_waits_with_words(life: Any, settings: Any) -> None:
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    later.drain()
    upload = commitments.upload_of(row)
    assert upload is not None
    assert (_message_status(row).fault, upload.sent_at, _state(row)) == ("not-connected", None, "uploading")
    assert commitments.trouble(upload) != ""


def test_a_ministrys_system_that_is_down_is_asked_again_under_the_same_number(
    life: Any, ministry: dict[str, Any]
) -> None:
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    ministry["down"] = True
    later.drain()
    before, number = _message_status(row), Upload.objects.get(commitment=row).request_id
    ministry["down"] = False
    _go_on(row)
    after = _message_status(row)
    assert (before.state, before.fault, before.attempts) == ("queued", "ConnectError", 1)
    assert (after.state, after.fault, after.attempts) == ("acknowledged", "", 2)
    assert Upload.objects.get(commitment=row).request_id == number


def test_the_end_of_a_notice_asks_for_the_upload_through_the_outbox(life: Any, ministry: dict[str, Any]) -> None:
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    assert (_message_status(row).state, ministry["sent"]) == ("queued", [])
    later.drain()
    upload = Upload.objects.get(commitment=row)
    assert (len(ministry["sent"]), upload.sent_at is not None) == (1, True)


def test_listing_refused_leaves_the_receipt_unkept(life: Any, ministry: dict[str, Any]) -> None:
    row = life.under_notice()
    publicity.close_notices(at=life.after(8))
    _go_on(row)
    ministry["receipt"] = True
    for state in ("listed", "removed"):
        Organisation.objects.filter(pk=row.organisation_id).update(state=state)
    _go_on(row)
    upload = Upload.objects.get(commitment=row)
    assert (_state(row), upload.receipt_no, Institution.objects.count()) == ("uploading", "", 2)
    assert (_message_status(row).state, _message_status(row).fault != "") == ("acknowledged", True)
