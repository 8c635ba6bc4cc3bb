"""The search of classes over all institutions, up to three side by side, and the same for machines."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from kernel import tenancy
from kernel.fields import uuid7
from kernel.money import Money
from shared.filings import operations as filings
from shared.filings.models import ClassPlaces
from shared.institutions.models import Institution
from shared.institutions.operations import standing
from shared.policy.models import FeeCap
from shared.policy.operations import caps

MakeClass = Callable[..., Any]


@pytest.fixture
def make_class(public_db: None, as_actor: Any, at: datetime) -> MakeClass:
    """File a class with its price: `make_class(institution, "name", price="880", free=3, days=10, …)`."""
    cap = caps.enter_cap(
        document_no="演示文号", fee_item="training", position="", unit="person", ceiling=Money.from_yuan("1000"),
        decision_note="", effective_from=at.date(), demo=True, proposed_by=uuid7(),
        by=as_actor("province_officer", scope="360000"), at=at,
    )  # fmt: skip

    def make(institution: Any, name: str, *, price: str = "880", free: int = 30, days: int = 10, **over: Any) -> Any:
        facts = {
            "class_id": uuid7(),
            "position": "SGY-TJ",
            "programme": "土建施工员培训",
            "class_hours": 100,
            "division_code": institution.organisation.division_code,
            "place": "302 教室",
            "starts_on": at.date() + timedelta(days=days),
            "ends_on": at.date() + timedelta(days=days + 20),
            "enrols_until": at.date() + timedelta(days=days + 20),
            "seats": 30,
            "state": "open",
        } | over
        filings.record_class(institution_id=institution.pk, name=name, at=at, **facts)
        with tenancy.as_owner():
            ClassPlaces.objects.filter(pk=facts["class_id"]).update(free=free)
        if price:
            filings.record_price(
                institution_id=institution.pk, price_id=uuid7(), class_id=facts["class_id"], class_name=name,
                position=facts["position"], fee_item="training", unit="person", amount=Money.from_yuan(price),
                cap_id=cap.id, published_at=at, at=at,
            )  # fmt: skip
        return facts["class_id"]

    return make


@pytest.fixture
def four(make_class: MakeClass, nanchang: Any, ganzhou: Any) -> dict[str, Any]:
    """Two classes in each of two cities; the institution in Ganzhou has four stars."""
    with tenancy.as_owner():
        rated = {"stars": 4, "star_year": 2025, "star_score": 80, "star_count": 12}
        Institution.objects.filter(pk=ganzhou.pk).update(**rated)
    return {
        "甲一": make_class(nanchang, "甲一班", price="880", free=3, days=10),
        "甲二": make_class(nanchang, "甲二班", price="600", free=0, days=30),
        "乙一": make_class(ganzhou, "乙一班", price="", free=9, days=20),
        "乙二": make_class(ganzhou, "乙二班", price="990", free=1, days=40, position="CLY"),
    }


def _names(text: str) -> list[str]:
    """Return the classes of a page in their order."""
    found = [(text.find(f">{name}班</a>"), name) for name in ("甲一", "甲二", "乙一", "乙二")]
    return [name for place, name in sorted(found) if place >= 0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"甲一", "甲二", "乙一", "乙二"}),
        ("?position=CLY", {"乙二"}),
        ("?city=360700", {"乙一", "乙二"}),
        ("?city=360100&position=CLY", set()),
        ("?price=880", {"甲一", "甲二"}),
        ("?price=599.99", set()),
        ("?stars=4", {"乙一", "乙二"}),
        ("?stars=5", set()),
        ("?places=free", {"甲一", "乙一", "乙二"}),
    ],
)
def test_the_search_is_narrowed_on_the_page_and_in_the_api_alike(
    four: dict[str, Any], visit: Any, query: str, found: set[str]
) -> None:
    assert set(_names(visit().get(f"/classes/{query}").content.decode())) == found
    rows = visit().get(f"/api/v1/classes/{query}").json()["results"]
    assert {row["id"] for row in rows} == {str(four[name]) for name in found}


def test_a_class_that_starts_before_the_day_is_left_out(four: dict[str, Any], visit: Any, at: datetime) -> None:
    day = at.date() + timedelta(days=30)
    assert _names(visit().get(f"/classes/?starts={day}").content.decode()) == ["甲二", "乙二"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["甲一", "乙一", "甲二", "乙二"]),
        ("price", ["甲二", "甲一", "乙二", "乙一"]),
        ("stars", ["乙一", "乙二", "甲一", "甲二"]),
        ("places", ["乙一", "甲一", "乙二", "甲二"]),
    ],
)
def test_the_search_is_sorted_as_asked(four: dict[str, Any], visit: Any, order: str, names: list[str]) -> None:
    assert _names(visit().get(f"/classes/?order={order}").content.decode()) == names


def test_a_class_is_shown_with_price_ceiling_place_and_free_places(four: dict[str, Any], visit: Any) -> None:
    text = visit().get("/classes/?position=SGY-TJ&city=360100&price=880&places=free").content.decode()
    for words in ("¥880.00", "上限 ¥1,000.00", "302 教室", "南昌市", "土建施工员培训", "剩余 3 / 30"):
        assert words in text, words
    address = f"http://alpha.nuoxing.localhost/classes/{four['甲一']}/"
    assert re.findall(r'nx-card-name" href="([^"]*)"', text) == [address]


def test_only_what_takes_enrolments_at_an_institution_that_may_enrol_is_found(
    make_class: MakeClass, nanchang: Any, ganzhou: Any, as_actor: Any, at: datetime, visit: Any
) -> None:
    make_class(nanchang, "甲一班")
    make_class(nanchang, "甲二班", state="running")
    make_class(nanchang, "甲三班", days=-40)
    make_class(ganzhou, "乙一班")
    officer = as_actor("province_officer", scope="360000")
    standing.suspend(organisation_id=ganzhou.organisation_id, document_no="1号", reason="整改", by=officer, at=at)
    text = visit().get("/classes/").content.decode()
    assert _names(text) == ["甲一"]
    assert "甲三班" not in text


def test_where_nothing_is_found_it_says_what_to_relax(four: dict[str, Any], visit: Any) -> None:
    text = visit().get("/classes/?city=360100&position=CLY&order=price").content.decode()
    for words in (
        '<a href="?position=CLY&amp;order=price">', "不限“设区市”：1 个班级", '<a href="?city=360100&amp;order=price">',
        "不限“岗位”：2 个班级",
    ):  # fmt: skip
        assert words in text, words
    both = visit().get("/classes/?city=360200&position=ZLY-TJ").content.decode()
    assert "请同时放宽几个条件" in both


def test_an_empty_province_says_so(public_db: None, visit: Any) -> None:
    assert "目前没有班级接受报名" in visit().get("/classes/").content.decode()


@pytest.mark.parametrize("times", [1, 3])
def test_the_search_takes_a_fixed_number_of_queries(
    make_class: MakeClass, nanchang: Any, visit: Any, asked: Any, times: int
) -> None:
    for n in range(times):
        make_class(nanchang, f"甲{n}班")
    client = visit()
    with asked(8):
        assert client.get("/classes/?position=SGY-TJ&city=360100&price=900&order=price").status_code == 200


@pytest.mark.parametrize("query", ["stars=9", "city=999999", "position=NOPE", "price=cheap", "starts=soon", "places=x"])
def test_a_filter_that_cannot_be_is_refused_with_its_field(four: dict[str, Any], visit: Any, query: str) -> None:
    answer = visit().get(f"/api/v1/classes/?{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, query.partition("=")[0])
    assert visit().get(f"/classes/?{query}").status_code == 200


def test_up_to_three_stand_side_by_side_in_the_order_of_the_address(four: dict[str, Any], visit: Any) -> None:
    chosen = [four[name] for name in ("乙二", "甲一", "甲二")]
    path = "/classes/compare/?" + "&".join(f"class={key}" for key in chosen)
    text = visit().get(path).content.decode()
    assert _names(text) == ["乙二", "甲一", "甲二"]
    assert f'href="?class={chosen[0]}&amp;class={chosen[2]}"' in text
    four_of_them = visit().get(f"{path}&class={four['乙一']}").content.decode()
    assert _names(four_of_them) == ["乙二", "甲一", "甲二"]
    assert "最多并排显示 3 个班级" in four_of_them


@pytest.mark.parametrize("query", ["", "?class=", "?class=nothing", "?class=01a2325a-7b0e-7bcb-9e45-42b714c892ee"])
def test_a_comparison_of_nothing_says_so(public_db: None, visit: Any, query: str) -> None:
    answer = visit().get(f"/classes/compare/{query}")
    assert (answer.status_code, "尚未选择班级" in answer.content.decode()) == (200, True)


def test_a_class_compared_says_why_nobody_can_enrol_in_it(
    make_class: MakeClass, nanchang: Any, ganzhou: Any, as_actor: Any, at: datetime, visit: Any
) -> None:
    keys = [
        make_class(nanchang, "甲一班", free=0),
        make_class(nanchang, "甲二班", state="closed"),
        make_class(ganzhou, "乙一班"),
    ]
    officer = as_actor("province_officer", scope="360000")
    standing.remove(organisation_id=ganzhou.organisation_id, document_no="1号", reason="清出", by=officer, at=at)
    text = visit().get("/classes/compare/?" + "&".join(f"class={key}" for key in keys)).content.decode()
    for words in ("名额已满", "该班已不再接受报名。", "该机构目前不招收新学员。"):
        assert words in text, words
    assert "查看并报名" not in text


@pytest.mark.parametrize("times", [1, 3])
def test_a_comparison_takes_a_fixed_number_of_queries(
    make_class: MakeClass, nanchang: Any, visit: Any, asked: Any, times: int
) -> None:
    keys = [make_class(nanchang, f"甲{n}班") for n in range(times)]
    client = visit()
    with asked(4):
        client.get("/classes/compare/?" + "&".join(f"class={key}" for key in keys))


def test_the_api_says_of_a_class_what_the_page_says(four: dict[str, Any], visit: Any, at: datetime) -> None:
    answer = visit().get(f"/api/v1/classes/{four['乙二']}/")
    body = answer.json()
    assert body["institution"] == {
        "name": "演示培训学校乙", "slug": "beta", "standing": "listed", "stars": 4, "star_year": 2025,
    }  # fmt: skip
    assert (body["free_places"], body["takes_enrolments"], body["total_fen"]) == (1, True, 99_000)
    assert body["prices"] == [
        {
            "fee_item": "training", "unit": "person", "quantity": 1, "amount_fen": 99_000, "total_fen": 99_000,
            "ceiling_fen": 100_000, "document_no": "演示文号", "demo": True,
        }
    ]  # fmt: skip
    again = visit().get(f"/api/v1/classes/{four['乙二']}/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, visit().get(f"/api/v1/classes/{uuid7()}/").status_code) == (304, 404)
    assert visit().get(f"/api/v1/classes/{four['乙一']}/").json()["total_fen"] is None


def test_the_api_goes_on_by_cursor(four: dict[str, Any], visit: Any) -> None:
    first = visit().get("/api/v1/classes/?page_size=3").json()
    second = visit().get(first["next"]).json()
    names = [row["name"] for row in first["results"] + second["results"]]
    assert names == ["乙二班", "乙一班", "甲二班", "甲一班"]


def test_a_price_by_the_class_hour_is_compared_as_a_whole(
    make_class: MakeClass, nanchang: Any, as_actor: Any, at: datetime, visit: Any
) -> None:
    key = make_class(nanchang, "甲一班", price="", class_hours=60)
    cap = caps.enter_cap(
        document_no="演示文号", fee_item="training", position="", unit="class-hour", ceiling=Money.from_yuan("20"),
        decision_note="", effective_from=at.date(), demo=True, proposed_by=uuid7(),
        by=as_actor("province_officer", scope="360000"), at=at,
    )  # fmt: skip
    filings.record_price(
        institution_id=nanchang.pk, price_id=uuid7(), class_id=key, class_name="甲一班", position="SGY-TJ",
        fee_item="training", unit="class-hour", amount=Money.from_yuan("15"), cap_id=cap.id, published_at=at, at=at,
    )  # fmt: skip
    assert visit().get(f"/api/v1/classes/{key}/").json()["total_fen"] == 90_000
    assert [_names(visit().get(f"/classes/?price={n}").content.decode()) for n in ("899", "900")] == [[], ["甲一"]]


def test_a_price_whose_ceiling_has_ended_is_asked_no_more(four: dict[str, Any], visit: Any) -> None:
    with tenancy.as_owner():
        FeeCap.objects.update(in_force=False, effective_to=F("effective_from"))
    assert visit().get(f"/api/v1/classes/{four['甲一']}/").json()["prices"] == []
    assert _names(visit().get("/classes/?price=1000").content.decode()) == []


def test_the_search_speaks_english_too(four: dict[str, Any], visit: Any) -> None:
    text = visit().get("/classes/", headers={"Accept-Language": "en"}).content.decode()
    for words in ("Find a class", "3 of 30 free", "No seat is free", "No price is published yet", "Compare side"):
        assert words in text, words
