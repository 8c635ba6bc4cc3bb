"""The operator's pages on schemas: what stands, what is behind, who waits; and the acts of an institution's life."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import later
from shared.hosting.models import Deletion, MigrationRun, RestoredCopy, SpareSchema
from shared.hosting.operations import archives as hosting_archives
from shared.hosting.operations import spares as hosting_spares
from shared.institutions.models import Institution
from shared.institutions.operations import standing
from shared.institutions.queries import schemas as schema_queries

CODES = ("12360000000000019J", "123604000000000272")
LIST = "/operator/institutions/"


@pytest.fixture
def operator(acting: Any, as_actor: Any, settings: Any) -> Any:
    """Return an operator's browser, where the database's roles hold."""
    settings.NUOXING_ROLES = True
    return acting(as_actor("platform_operator"))


def test_the_list_shows_pool_run_and_every_schema(
    list_it: Any, operator: Any, settings: Any, at: datetime, institutions: Any
) -> None:
    settings.NUOXING_SPARES = 1
    hosting_spares.fill_pool(at=at)
    list_it()
    SpareSchema.objects.all().delete()
    MigrationRun.objects.create(
        started_at=at,
        ended_at=at,
        target_fingerprint="x",
        schema_count=3,
        counts={"replayed": 2, "failed": 1},
        failures=[["t_x", "boom"]],
    )
    text = operator.get(LIST).content.decode()
    for words in (
        "南昌赣江职业培训学校",
        "t_nanchangganjiang",
        "最新",
        "0 / 1",
        "boom",
        "t_x",
        institutions[1].name,
        "运行中",
    ):
        assert words in text
    assert "<dd>3 · 已更新 2 · 失败 1</dd>" in text


def test_who_was_listed_with_an_empty_pool_is_named(list_it: Any, operator: Any) -> None:
    row = list_it()
    text = operator.get(LIST).content.decode()
    assert text.count(row.name) == 2
    assert "正在准备中" in text
    later.drain()
    assert operator.get(LIST).content.decode().count(row.name) == 2


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_the_same_number_of_questions_at_any_length(
    operator: Any, asked: Any, list_it: Any, more: int
) -> None:
    for n in range(more):
        list_it(f"南昌第{n}培训学校", CODES[n])
    operator.get(LIST)
    with asked(10):
        assert operator.get(LIST).status_code == 200


@pytest.mark.parametrize("role", ["province_officer", "city_officer", "inspector", "principal"])
def test_only_operators_see_schemas(acting: Any, as_actor: Any, institutions: Any, role: str) -> None:
    who = acting(as_actor(role, scope="360000"))
    page = f"{LIST}{institutions[0].pk}/"
    assert [who.get(path).status_code for path in (LIST, page)] == [403, 403]
    for act in ("archives", "retirement", "reopening", "deletion", "deletion/approval", "deletion/withdrawal"):
        assert who.post(f"{page}{act}/", {"reason": "演示"}).status_code == 403


def test_an_institution_is_retired_and_opened_again_on_its_page(
    list_it: Any, operator: Any, as_actor: Any, at: datetime
) -> None:
    row = list_it()
    later.drain()
    page = f"{LIST}{row.pk}/"
    assert "数据空间" in operator.get(page).content.decode()
    answer = operator.post(f"{page}retirement/", {"reason": "业务终止"})
    assert answer.status_code == 422
    assert "该机构仍在名单上" in answer.content.decode()
    officer = as_actor("city_officer", scope="360100")
    standing.remove(organisation_id=row.organisation_id, document_no="1号", reason="演示", by=officer, at=at)
    assert operator.post(f"{page}retirement/", {"reason": ""}).status_code == 422
    assert operator.post(f"{page}retirement/", {"reason": "业务终止"})["Location"] == page
    text = operator.get(page).content.decode()
    for words in ("已停用，档案只读", "2056年3月2日", "业务终止", "重新启用"):
        assert words in text
    early = operator.post(f"{page}deletion/", {"reason": "演示"})
    assert (early.status_code, Deletion.objects.count()) == (422, 0)
    assert "2056-03-02" in early.content.decode()
    operator.post(f"{page}reopening/", {"reason": "更正"})
    assert Institution.objects.get(pk=row.pk).lifecycle == "working"


def test_a_file_is_asked_for_and_a_copy_taken_away(
    institutions: Any, operator: Any, at: datetime, tmp_path: Any
) -> None:
    row = institutions[0]
    page = f"{LIST}{row.pk}/"
    assert operator.post(f"{page}archives/")["Location"] == page
    later.drain()
    archive = row.archives.get()
    text = operator.get(page).content.decode()
    assert archive.digest in text
    hosting_archives.export(
        institution=schema_queries.schema_of(row.pk), file=tmp_path / "a.zip", at=at - timedelta(days=1)
    )
    copy = hosting_archives.restore(file=tmp_path / "a.zip", name="yesterday", at=at)
    assert "c_yesterday" in operator.get(page).content.decode()
    assert operator.post(f"{page}copies/{copy.pk}/place/", {"reason": "误删"})["Location"] == page
    assert operator.post(f"{page}copies/{copy.pk}/removal/")["Location"] == page
    assert RestoredCopy.objects.count() == 0
    assert operator.get(f"{LIST}01900000-0000-7000-8000-000000000000/").status_code == 404
