"""The public table, its check and its files; the desks of those who score, count and publish."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from kernel.access import Actor
from shared.rankings import documents as ranking_documents
from shared.rankings.models import AuthorityScore, StarRun
from shared.rankings.operations import runs
from support.shared_forms import made_from
from tests.shared.rankings.conftest import ITEMS, JANUARY

Act = Callable[..., Any]
Do = Callable[..., None]


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def published(listed_2025: Any, rate: Do, score: Do, first: Actor, second: Actor) -> tuple[Any, Any]:
    """2025, published: the first institution with four stars, the second not rated."""
    alpha, beta = listed_2025
    rate(alpha, 4, 5)
    rate(alpha, 2, 4)
    rate(beta, 4, 1)
    score(alpha, 85)
    run = runs.run_year(year=2025, by=first, at=JANUARY)
    runs.publish_run(run_id=run, by=second, at=JANUARY)
    return alpha, beta


def test_before_any_year_the_page_says_how_stars_come_about(public_db: None, visit: Any) -> None:
    page = _text(visit().get("/rankings/"))
    for words in ("还没有公布过年度星级", "70 %", "30 %", "本平台设定", "赣建培"):
        assert words in page


def test_the_table_shows_everything_needed_to_check_it(published: Any, visit: Any) -> None:
    assert visit().get("/rankings/")["Location"] == "/rankings/2025/"
    page = _text(visit().get("/rankings/2025/"))
    run = StarRun.objects.get()
    for words in (
        "演示培训学校甲",
        "89.67",
        "91.67",
        "85.00",
        "未评定",
        "份数过少",
        "jiangxi-2020@5",
        run.input_digest,
        run.result_digest,
    ):
        assert words in page, words


def test_the_little_that_few_said_is_not_shown(published: Any, visit: Any) -> None:
    data = visit().get("/api/v1/rankings/2025/").json()["institutions"][1]
    assert (data["name"], data["ratings"], data["stars"], data["learner"], data["spread"]) == (
        "演示培训学校乙",
        4,
        None,
        None,
        [0, 0, 0, 0, 0],
    )


def test_the_table_is_searched(published: Any, visit: Any) -> None:
    page = _text(visit().get("/rankings/2025/?search=学校乙"))
    assert ("演示培训学校乙" in page, "演示培训学校甲" in page) == (True, False)


def test_a_year_that_is_not_published_is_not_there(published: Any, visit: Any) -> None:
    for path in ("/rankings/2024/", "/rankings/2024/check/", "/rankings/2024/stars.csv", "/api/v1/rankings/2024/"):
        assert visit().get(path).status_code == 404


def test_anybody_has_the_year_computed_again(published: Any, visit: Any) -> None:
    run = StarRun.objects.get()
    whole = visit().get("/rankings/2025/check/")
    part = visit().get("/rankings/2025/check/", HTTP_HX_REQUEST="true")
    for response in (whole, part):
        assert "与公布结果一致" in _text(response)
        assert run.result_digest in _text(response)
    assert ("<html" in _text(whole), "<html" in _text(part)) == (True, False)


def test_the_files_hold_the_same_numbers(published: Any, visit: Any) -> None:
    wanted = ["1", "演示培训学校甲", "4", "89.67", "91.67", "85.00", "6", ""]
    data = visit().get("/rankings/2025/stars.csv").content.decode("utf-8-sig")
    head, *lines = list(csv.reader(StringIO(data)))
    assert (len(head), lines[0], lines[1][:3]) == (8, wanted, ["", "演示培训学校乙", "未评定"])
    book = load_workbook(BytesIO(visit().get("/rankings/2025/stars.xlsx").content))
    row = [cell.value for cell in book.worksheets[0][2]]
    assert row == [1, "演示培训学校甲", 4, 89.67, 91.67, 85, 6, None]
    about = {str(line[0]): str(line[1]) for line in book.worksheets[1].iter_rows(values_only=True)}
    assert about["结果指纹"] == StarRun.objects.get().result_digest


def test_no_name_becomes_a_formula() -> None:
    data = ranking_documents.table_csv(["name"], [["=1+1"], ["@x"], ["机构"]]).decode("utf-8-sig").splitlines()
    assert data == ["name", "'=1+1", "'@x", "机构"]


def test_machines_get_the_table_with_an_etag(published: Any, visit: Any) -> None:
    response = visit().get("/api/v1/rankings/2025/")
    data = response.json()
    assert (data["year"], data["minimum_sample"], data["result_digest"]) == (
        2025,
        5,
        StarRun.objects.get().result_digest,
    )
    assert [(row["place"], row["stars"], row["total"]) for row in data["institutions"]] == [
        (1, 4, "89.67"),
        (None, None, None),
    ]
    assert visit().get("/api/v1/rankings/2025/", HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304


def test_an_institution_shows_its_years(published: Any, visit: Any) -> None:
    page = _text(visit().get("/rankings/institutions/alpha/"))
    for words in ("2025", "89.67", "6 人评价"):
        assert words in page
    assert "未评定" in _text(visit().get("/rankings/institutions/beta/"))
    assert visit().get("/rankings/institutions/nobody/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_table_asks_the_same_however_many_are_rated(
    listed_2025: Any, rate: Do, score: Do, first: Actor, second: Actor, visit: Any, asked: Any, many: int
) -> None:
    for institution in listed_2025[: 1 if many == 1 else 2]:
        rate(institution, 5)
        score(institution, 90)
    runs.publish_run(run_id=runs.run_year(year=2025, by=first, at=JANUARY), by=second, at=JANUARY)
    visit().get("/rankings/2025/")
    with asked(6):
        visit().get("/rankings/2025/")


# --- The desks ----------------------------------------------------------------------------------------


def _form(**other: Any) -> dict[str, Any]:
    typed: dict[str, Any] = {f"score_{item}": 80 for item in ITEMS} | {f"reason_{item}": "年度检查" for item in ITEMS}
    return typed | other


def test_an_officer_scores_on_the_page(listed_2025: Any, as_actor: Any, acting: Act) -> None:
    client = acting(as_actor("city_officer", scope="360100"), moment=JANUARY)
    assert client.get("/authority/scores/")["Location"] == "/authority/scores/2025/"
    assert "还有 2 家机构未评分" in _text(client.get("/authority/scores/2025/"))
    path = f"/authority/scores/2025/{listed_2025[0].pk}/"
    assert "硬件环境：分数" in _text(client.get(path))
    assert client.post(path, _form(score_fees=70) | made_from(client, path)).status_code == 302
    assert AuthorityScore.objects.get().scores == dict.fromkeys(ITEMS, 80) | {"fees": 70}
    page = _text(client.get("/authority/scores/2025/"))
    assert ("78.00" in page, "还有 1 家机构未评分" in page) == (True, True)
    assert 'value="70"' in _text(client.get(path))


def test_two_officers_with_one_page_of_scores_see_both_values(listed_2025: Any, as_actor: Any, acting: Act) -> None:
    one, other = (acting(as_actor("city_officer", scope="360100"), moment=JANUARY) for _n in range(2))
    path = f"/authority/scores/2025/{listed_2025[0].pk}/"
    one.post(path, _form() | made_from(one, path))
    seen = made_from(one, path)
    assert other.post(path, _form(score_fees=70) | seen).status_code == 302
    answer = one.post(path, _form(score_fees=90) | seen)
    assert (answer.status_code, "70 · 年度检查" in _text(answer), 'value="90"' in _text(answer)) == (422, True, True)
    first = ITEMS[0]
    assert one.post(path, _form(**{f"score_{first}": 60}) | seen).status_code == 302
    assert AuthorityScore.objects.get().scores == dict.fromkeys(ITEMS, 80) | {"fees": 70, first: 60}


@pytest.mark.parametrize(
    "typed", [{"score_fees": 101}, {"score_fees": "many"}, {"score_fees": ""}, {"reason_fees": ""}]
)
def test_a_bad_score_is_told_at_its_field(listed_2025: Any, as_actor: Any, acting: Act, typed: Any) -> None:
    client = acting(as_actor("city_officer", scope="360100"), moment=JANUARY)
    response = client.post(f"/authority/scores/2025/{listed_2025[0].pk}/", _form(**typed))
    assert (response.status_code, _text(response).count("is-invalid") >= 1) == (422, True)
    assert AuthorityScore.objects.count() == 0


def test_a_year_ahead_is_refused_on_the_page(listed_2025: Any, as_actor: Any, acting: Act) -> None:
    client = acting(as_actor("city_officer", scope="360100"), moment=JANUARY)
    path = f"/authority/scores/2031/{listed_2025[0].pk}/"
    response = client.post(path, _form() | made_from(client, path))
    assert (response.status_code, "2031年还没有开始" in _text(response)) == (422, True)


def test_institutions_of_another_authority_are_not_there(listed_2025: Any, as_actor: Any, acting: Act) -> None:
    client = acting(as_actor("city_officer", scope="360200"), moment=JANUARY)
    assert "演示培训学校甲" not in _text(client.get("/authority/scores/2025/"))
    path = f"/authority/scores/2025/{listed_2025[0].pk}/"
    assert (client.get(path).status_code, client.post(path, _form()).status_code) == (404, 404)
    assert AuthorityScore.objects.count() == 0


def test_two_officers_count_and_publish_on_the_pages(
    listed_2025: Any, rate: Do, score: Do, first: Actor, second: Actor, acting: Act
) -> None:
    rate(listed_2025[0], 5)
    one, two = acting(first, moment=JANUARY), acting(second, moment=JANUARY)
    blocked = one.post("/authority/stars/runs/", {"year": 2025, "reason": ""})
    assert (blocked.status_code, "以下机构缺少2025年度主管部门评分：演示培训学校甲" in _text(blocked)) == (422, True)
    score(listed_2025[0], 90)
    assert one.post("/authority/stars/runs/", {"year": 2026, "reason": ""}).status_code == 422
    made = one.post("/authority/stars/runs/", {"year": 2025, "reason": ""})
    assert made.status_code == 302
    assert "须由另一名工作人员核对后公布" in _text(one.get(made["Location"]))
    assert one.post(f"{made['Location']}publication/").status_code == 403
    assert "publication/" in _text(two.get(made["Location"]))
    done = two.post(f"{made['Location']}publication/")
    assert (done.status_code, done["Location"]) == (302, "/rankings/2025/")
    assert "已公布" in _text(one.get("/authority/stars/"))


def test_a_preview_is_not_public(listed_2025: Any, rate: Do, score: Do, first: Actor, visit: Any) -> None:
    rate(listed_2025[0], 5)
    score(listed_2025[0], 90)
    runs.run_year(year=2025, by=first, at=JANUARY)
    assert visit().get("/rankings/2025/").status_code == 404


def test_a_city_officer_sees_runs_and_makes_none(listed_2025: Any, as_actor: Any, acting: Act) -> None:
    client = acting(as_actor("city_officer", scope="360100"), moment=JANUARY)
    assert "统计并生成预览" not in _text(client.get("/authority/stars/"))
    assert client.post("/authority/stars/runs/", {"year": 2025}).status_code == 403
    assert StarRun.objects.count() == 0


def test_a_preview_is_discarded_on_the_page(listed_2025: Any, rate: Do, score: Do, first: Actor, acting: Act) -> None:
    rate(listed_2025[0], 5)
    score(listed_2025[0], 90)
    run = runs.run_year(year=2025, by=first, at=JANUARY)
    assert acting(first, moment=JANUARY).post(f"/authority/stars/{run}/discarding/").status_code == 302
    assert StarRun.objects.get().state == "discarded"
