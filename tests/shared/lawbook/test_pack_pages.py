"""The law as people and machines read it, and the officer's desk for ceilings."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import tenancy
from kernel.access import SYSTEM, Actor
from kernel.fields import uuid7
from kernel.money import Money
from shared.lawbook.models import CapProposal
from shared.lawbook.operations import caps as proposals
from shared.policy.methods.files import SHIPPED
from shared.policy.models import FeeCap
from shared.policy.operations import caps, packs
from shared.policy.queries import caps as cap_queries

pytestmark = pytest.mark.usefixtures("public_db")

Acting = Callable[[Actor], Any]
FORM = {
    "document_no": "赣发改收费〔2016〕920号",
    "fee_item": "training",
    "position": "",
    "unit": "person",
    "ceiling": "900.00",
    "decision_note": "",
    "effective_from": "2026-04-01",
    "effective_to": "",
}


def enter(at: datetime, position: str = "", **other: Any) -> cap_queries.FeeCapValue:
    values: dict[str, Any] = {
        "document_no": "演示文件",
        "fee_item": "training",
        "unit": "person",
        "ceiling": Money(90000),
    }
    values |= {"effective_from": date(2026, 1, 1), "demo": True, "by": SYSTEM, "at": at, "position": position} | {
        "proposed_by": uuid7()
    }
    return caps.enter_cap(**(values | other))


def english(client: Any) -> Any:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_anybody_reads_the_law_with_its_sources(visit: Callable[..., Any], at: datetime) -> None:
    enter(at)
    page = visit().get("/policy/").content.decode()
    for words in ("赣建培〔2020〕1号 二（一）", "土建施工员", "JGJ/T 250-2011", "¥900.00", "jiangxi-2020@5"):
        assert words in page
    english_page = english(visit()).get("/policy/").content.decode()
    for words in (
        "Construction Officer, Civil Works",
        "Demonstration data",
        "10 working days",
        "own setting",
        "¥900.00",
    ):
        assert words in english_page


def test_what_the_policy_does_not_say_and_nobody_has_set_is_shown_so(
    acting: Acting, officer: Actor, visit: Callable[..., Any], at: datetime
) -> None:
    assert "每日学时上限政策未规定，本平台也未设定" in visit().get("/policy/").content.decode()
    desk = acting(officer).get("/authority/policy/versions/jiangxi-2020@5/").content.decode()
    assert "政策未规定，本平台未设定" in desk


def test_an_institution_s_host_shows_the_same_law(visit: Callable[..., Any], institutions: Any) -> None:
    assert visit("alpha").get("/policy/").status_code == 200


def test_the_law_of_another_province_shows_too(visit: Callable[..., Any], at: datetime, settings: Any) -> None:
    text = (SHIPPED / "jiangxi-2020.toml").read_text()
    text = text.replace('id = "jiangxi-2020"', 'id = "elsewhere"').replace(
        'jurisdiction = "360000"', 'jurisdiction = "430000"'
    )
    text = text.replace(
        'on_site = { value = true, source = "implementation-opinion:1.2" }',
        'on_site = { value = true, source = "not-from-policy" }',
    )
    packs.load_pack(text=text, by=SYSTEM, at=at)
    settings.NUOXING_JURISDICTION = "430000"
    assert "elsewhere@5" in visit().get("/policy/").content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_the_lists_ask_the_database_as_often_for_three_as_for_one(
    size: int, acting: Acting, officer: Actor, at: datetime, asked: Any
) -> None:
    for position in ["CLY", "JXY", "LWY"][:size]:
        enter(at, position)
    client = acting(officer)
    client.get("/policy/")
    with asked(3):
        assert client.get("/policy/").content.decode().count("¥900.00") == size
    with asked(3):
        assert client.get("/authority/caps/").content.decode().count("¥900.00") == size


def test_a_ceiling_is_proposed_by_one_officer_and_holds_once_another_approves_it(
    acting: Acting, officer: Actor, as_actor: Callable[..., Actor], at: datetime
) -> None:
    client = acting(officer)
    assert client.get("/authority/caps/new/").status_code == 200
    answer = client.post("/authority/caps/", FORM)
    row = CapProposal.objects.get()
    path = f"/authority/caps/proposals/{row.pk}/"
    assert (answer.status_code, answer["Location"], FeeCap.objects.count()) == (302, path, 0)
    assert client.post(path, {"decision": "approve"}).status_code == 422, "who proposes does not decide"
    assert FeeCap.objects.count() == 0
    second = acting(as_actor("province_officer", scope="360000", name="演示副处长"))
    text = second.get(path).content.decode()
    for words in ("¥900.00", "培训费", "演示处长", "高于该标准的在售价格"):
        assert words in text
    listed = second.get("/authority/caps/").content.decode()
    assert "培训费 · 所有岗位 · ¥900.00" in re.sub(r"\s+", " ", listed)
    own = client.get("/authority/caps/").content.decode()
    assert ["可由您审定" in listed, "可由您审定" in own, "由另一位经办人员审定" in own] == [True, False, True]
    assert "演示处长" in listed
    assert path in second.get("/authority/").content.decode()
    assert path not in client.get("/authority/").content.decode(), "it waits for somebody else"
    assert second.post(path, {"decision": "reject", "why": "a"}).status_code == 422
    assert second.post(path, {"decision": "approve"}).status_code == 302
    (cap,) = cap_queries.caps()
    assert (cap.ceiling, cap.position, cap.demo, cap.effective_from) == (Money(90000), "", False, date(2026, 4, 1))
    row.refresh_from_db()
    assert (row.state, row.made_id, row.decided_name) == ("approved", cap.id, "演示副处长")
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="is kept"), transaction.atomic():
        CapProposal.objects.update(ceiling=Money(1))


def test_a_ceiling_is_never_backdated(acting: Acting, officer: Actor, at: datetime) -> None:
    cap = enter(at)
    client = acting(officer)
    past = client.post("/authority/caps/", FORM | {"position": "CLY", "effective_from": "2026-03-01"})
    assert (past.status_code, list(past.context["form"].errors)) == (422, ["effective_from"])
    end = client.post(f"/authority/caps/{cap.id}/ending/", {"last_day": "2026-03-01", "why": "新文件"})
    assert (end.status_code, list(end.context["form"].errors)) == (422, ["last_day"])
    facts = {"jurisdiction": "360000", "fee_item": "training", "unit": "person", "impact": {}}
    facts |= {"proposed_by": uuid7(), "proposed_name": "演", "proposed_at": at, "state_since": at}
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="backdated"), transaction.atomic():
        CapProposal.objects.create(effective_from=date(2026, 3, 1), **facts)
    assert (CapProposal.objects.count(), FeeCap.objects.count()) == (0, 1)


def test_a_proposal_that_waited_past_its_first_day_is_not_approved(
    acting: Acting, officer: Actor, as_actor: Callable[..., Actor], at: datetime
) -> None:
    acting(officer).post("/authority/caps/", FORM)
    row = CapProposal.objects.get()
    second = as_actor("province_officer", scope="360000")
    with pytest.raises(proposals.Backdated):
        proposals.decide_cap(proposal_id=row.pk, approve=True, by=second, at=at + timedelta(days=60))
    assert FeeCap.objects.count() == 0
    proposals.withdraw_cap(proposal_id=row.pk, by=officer, at=at)
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ceiling": "much"}, "ceiling"),
        ({"ceiling": "1.005"}, "ceiling"),
        ({"ceiling": "-1"}, "ceiling"),
        ({"ceiling": "NaN"}, "ceiling"),
        ({"ceiling": "1" * 25}, "ceiling"),
        ({"ceiling": ""}, "decision_note"),
        ({"fee_item": "parking"}, "fee_item"),
        ({"fee_item": ""}, "fee_item"),
        ({"unit": "attempt"}, "unit"),
        ({"position": "AQY"}, "position"),
        ({"effective_from": "tomorrow"}, "effective_from"),
        ({"effective_to": "2025-12-31"}, "effective_to"),
        ({"document_no": "x" * 61}, "document_no"),
    ],
)
def test_bad_input_shows_the_form_again_with_a_sentence_at_the_field(
    changed: dict[str, str], field: str, acting: Acting, officer: Actor
) -> None:
    answer = acting(officer).post("/authority/caps/", FORM | changed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert FeeCap.objects.count() == 0


def test_a_second_ceiling_for_the_same_is_refused_at_its_first_day(
    acting: Acting, officer: Actor, at: datetime
) -> None:
    enter(at)
    answer = acting(officer).post("/authority/caps/", FORM | {"effective_from": "2026-05-01"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["effective_from"])
    assert FeeCap.objects.count() == 1


def test_the_end_of_a_ceiling_is_proposed_and_approved_too(
    acting: Acting, officer: Actor, as_actor: Callable[..., Actor], at: datetime
) -> None:
    cap = enter(at)
    client = acting(officer)
    ending = f"/authority/caps/{cap.id}/ending/"
    answer = client.post(ending, {"last_day": "2020-01-01", "why": "演示"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["last_day"])
    assert client.post(ending, {"last_day": "", "why": ""}).status_code == 422
    assert client.post(ending, {"last_day": "2026-03-31", "why": "新文件"}).status_code == 302
    assert cap_queries.cap(cap.id).effective_to is None
    second = acting(as_actor("province_officer", scope="360000"))
    path = f"/authority/caps/proposals/{CapProposal.objects.get().pk}/"
    assert second.post(path, {"decision": "approve"}).status_code == 302
    assert cap_queries.cap(cap.id).effective_to == date(2026, 3, 31)


def test_the_desk_is_the_province_s_alone(acting: Acting, as_actor: Callable[..., Actor], at: datetime) -> None:
    cap = enter(at)
    paths = ["/authority/caps/", "/authority/caps/new/", f"/authority/caps/{cap.id}/"]
    weak = as_actor("province_officer", scope="360000", level=1)
    for actor in (as_actor(), as_actor("city_officer", scope="360100"), as_actor("registrar", scope="x")):
        client = acting(actor)
        assert [client.get(path).status_code for path in paths] == [403, 403, 403]
        assert client.post("/authority/caps/", FORM | {"position": "CLY"}).status_code == 403
        assert client.post(f"/authority/caps/{cap.id}/ending/", {"last_day": "2026-03-31"}).status_code == 403
    assert acting(weak).post("/authority/caps/", FORM | {"position": "CLY"}).status_code == 403
    elsewhere = acting(as_actor("province_officer", scope="430000"))
    assert elsewhere.post("/authority/caps/", FORM | {"position": "CLY"}).status_code == 422
    assert cap_queries.caps() == [cap]


def test_a_ceiling_that_is_not_there_is_404_with_words(acting: Acting, officer: Actor) -> None:
    answer = acting(officer).get("/authority/caps/00000000-0000-7000-8000-000000000000/")
    assert answer.status_code == 404


# --- For machines ------------------------------------------------------------------------------


def test_positions_are_told_with_hours_and_their_source(visit: Callable[..., Any]) -> None:
    answer = visit().get("/api/v1/positions/")
    assert len(answer.json()) == 13
    assert answer.json()[0] == {
        "key": "SGY-TJ",
        "name": "土建施工员",
        "name_en": "Construction Officer, Civil Works",
        "group": "construction",
        "class_hours": 40,
        "class_hours_source": {
            "document": None,
            "clause": "",
            "from_policy": False,
            "demo": True,
            "note": "政策解读未写明各岗位学时；外省有不少于40学时的规定。",
            "note_en": "Jiangxi's hours are not in the published explanation; another province asks for at least 40.",
        },
    }


def test_the_policy_is_told_with_values_sources_and_ceilings(visit: Callable[..., Any], at: datetime) -> None:
    cap = enter(at, "CLY")
    enter(at, ceiling=None, decision_note="演示决定")
    body = visit().get("/api/v1/policy/").json()
    assert (body["version"], body["values"]["clocks"]["verification_days"]) == ("jiangxi-2020@5", 10)
    assert body["sources"]["clocks.verification_days"]["document"] == "赣建培〔2020〕1号"
    assert [(c["position"], c["ceiling_fen"], c["kind"]) for c in body["caps"]] == [
        ("", None, "uncapped_decision"),
        ("CLY", 90000, "capped"),
    ]
    assert body["caps"][1]["id"] == str(cap.id)


@pytest.mark.parametrize("path", ["/api/v1/positions/", "/api/v1/policy/"])
def test_a_caller_who_has_the_answer_already_is_told_so(path: str, visit: Callable[..., Any]) -> None:
    client = visit()
    tag = client.get(path)["ETag"]
    assert client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert client.post(path, {}).status_code == 405
