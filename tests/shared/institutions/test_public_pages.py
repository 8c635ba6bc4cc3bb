"""The citizen's home, the public list and pages, the API, and the officer's decisions over HTTP."""

from datetime import datetime
from typing import Any

import pytest

from kernel import tenancy
from shared.institutions.models import Institution, Ruling
from shared.institutions.operations import standing
from shared.institutions.queries import standings

NAMES = [("南昌赣江职业培训学校", "12360000000000019J"), ("赣州章江培训中心", "123604000000000272")]


@pytest.fixture
def listed(list_it: Any) -> list[Institution]:
    """Two more institutions: one in Nanchang, one in Ganzhou."""
    first = list_it(*NAMES[0])
    second = list_it(*NAMES[1], division_code="360702")
    return [first, second]


def test_the_home_leads_to_everything_public(listed: Any, visit: Any) -> None:
    text = visit().get("/").content.decode()
    for path in ("/institutions/", "/notices/", "/institutions/apply/", "/policy/"):
        assert f'href="{path}"' in text
    assert "南昌赣江职业培训学校" in text
    assert "未评定" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"甲", "乙", "赣江", "章江"}),
        ("?q=章江", {"章江"}),
        ("?city=360700", {"章江"}),
        ("?position=CLY", {"赣江", "章江"}),
        ("?stars=4", {"赣江"}),
        ("?enrolling=false", {"章江"}),
        ("?enrolling=true&q=学校", {"甲", "乙", "赣江"}),
    ],
)
def test_the_list_is_narrowed_on_the_page_and_in_the_api_alike(
    listed: Any, visit: Any, as_actor: Any, at: datetime, query: str, found: set[str]
) -> None:
    first, second = listed
    with tenancy.as_owner():
        type(first).objects.filter(pk=first.pk).update(stars=4, star_year=2025, star_score=80, star_count=12)
    officer = as_actor("province_officer", scope="360000")
    standing.suspend(organisation_id=second.organisation_id, document_no="1号", reason="整改", by=officer, at=at)
    page = visit().get(f"/institutions/{query}").content.decode()
    rows = visit().get(f"/api/v1/institutions/{query}").json()["results"]
    keys = {"甲": "演示培训学校甲", "乙": "演示培训学校乙", "赣江": NAMES[0][0], "章江": NAMES[1][0]}
    assert {key for key, name in keys.items() if f">{name}</a>" in page} == found
    assert {row["name"] for row in rows} == {keys[key] for key in found}


@pytest.mark.parametrize("times", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(list_it: Any, visit: Any, asked: Any, times: int) -> None:
    codes = ["12360000000000019J", "123604000000000272", "91360100MA00000159"]
    with tenancy.as_owner():
        Institution.objects.update(name="已有机构")
    for n in range(min(times, 2)):
        list_it(f"南昌第{n}培训学校", codes[n])
    client = visit()
    with asked(6):
        assert client.get("/institutions/").status_code == 200


def test_the_api_answers_by_cursor_with_an_etag(listed: Any, visit: Any) -> None:
    first = visit().get("/api/v1/institutions/?page_size=3")
    second = visit().get(first.json()["next"])
    names = [row["name"] for row in first.json()["results"] + second.json()["results"]]
    assert names == ["赣州章江培训中心", "南昌赣江职业培训学校", "演示培训学校乙", "演示培训学校甲"]
    again = visit().get("/api/v1/institutions/?page_size=3", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.json()["results"][0]["standing"]["may_enrol"] is True


@pytest.mark.parametrize("query", ["stars=9", "city=999999", "position=NOPE", "enrolling=maybe"])
def test_a_filter_that_cannot_be_is_refused_with_its_field(visit: Any, public_db: None, query: str) -> None:
    answer = visit().get(f"/api/v1/institutions/?{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, query.partition("=")[0])


def test_a_public_page_shows_standing_decisions_and_no_persons(
    listed: Any, visit: Any, as_actor: Any, at: datetime
) -> None:
    row = listed[0]
    officer = as_actor("city_officer", scope="360100", name="演示科长")
    standing.suspend(
        organisation_id=row.organisation_id, document_no="演建罚〔2026〕1号", reason="监控不足", by=officer, at=at
    )
    text = visit().get("/institutions/nanchangganjiang/").content.decode()
    for words in ("暂停招生", "演建罚〔2026〕1号", "监控不足", "南昌市住房和城乡建设局", "材料员", "2026年3月2日"):
        assert words in text
    for hidden in ("演示丙", "演示丁", "演示科长", "13900000001"):
        assert hidden not in text


def test_there_is_no_page_for_what_is_not_listed(register: Any, visit: Any) -> None:
    register()
    assert visit().get("/institutions/nanchangganjiang/").status_code == 404


def test_an_officer_decides_on_the_page_and_errors_stand_at_their_field(
    listed: Any, acting: Any, as_actor: Any, at: datetime
) -> None:
    row = listed[0]
    path = f"/authority/institutions/{row.organisation_id}/"
    officer = acting(as_actor("city_officer", scope="360100"))
    empty = officer.post(path, {"kind": "suspend", "document_no": "", "reason": "演示"})
    assert (empty.status_code, Ruling.objects.count()) == (422, 0)
    assert "请填写此项" in empty.content.decode()
    foreign = officer.post(path, {"kind": "resume", "document_no": "1号", "reason": "演示"})
    assert foreign.status_code == 422
    answer = officer.post(path, {"kind": "suspend", "document_no": "1号", "reason": "整改"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert standings.standing(row.pk, at).state == "suspended"


def test_an_officer_of_another_city_finds_nothing_and_an_inspector_has_no_form(
    listed: Any, acting: Any, as_actor: Any
) -> None:
    path = f"/authority/institutions/{listed[0].organisation_id}/"
    assert acting(as_actor("city_officer", scope="360700")).get(path).status_code == 404
    page = acting(as_actor("inspector", scope="360100")).get(path)
    assert (page.status_code, 'name="reason"' in page.content.decode()) == (200, False)
    answer = acting(as_actor("inspector", scope="360100")).post(path, {"kind": "suspend"})
    assert (answer.status_code, Ruling.objects.count()) == (403, 0)


def test_a_principal_stops_enrolling_by_a_button_that_nobody_else_has(
    listed: Any, acting: Any, as_actor: Any, at: datetime
) -> None:
    row = listed[0]
    page, act = "/institutions/nanchangganjiang/", f"/organisations/{row.organisation_id}/enrolment/"
    principal = acting(as_actor("principal", scope=str(row.organisation_id)))
    other = acting(as_actor("principal", scope=str(listed[1].organisation_id)))
    assert [act in who.get(page).content.decode() for who in (principal, other)] == [True, False]
    assert other.post(act, {"open": "no"}).status_code == 403
    assert standings.standing(row.pk, at).may_enrol is True
    assert principal.post(act, {"open": "no"})["Location"] == page
    assert standings.standing(row.pk, at).state == "not_enrolling"
    principal.post(act, {"open": "yes"})
    assert standings.standing(row.pk, at).may_enrol is True


def test_the_list_speaks_english_too(listed: Any, visit: Any) -> None:
    text = visit().get("/institutions/nanchangganjiang/", headers={"Accept-Language": "en"}).content.decode()
    assert "It is on the public list and may enrol trainees." in text
