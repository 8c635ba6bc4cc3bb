"""The province sees which positions have papers and what the others lack; nobody else does, and nobody sees a key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kernel.access import SYSTEM, Actor
from shared.bank import operations as bank_operations

pytestmark = pytest.mark.usefixtures("public_db")

PATHS = ["/authority/bank/", "/authority/bank/SGY-TJ/"]


@pytest.fixture
def bank(public_db: None, make_bank: Any, make_draft: Any, at: datetime) -> None:
    """Items for one position, and a common one made for demonstrations."""
    common = make_draft("case", 90, "basics", position="", block_name="通用基础", demo=True)
    bank_operations.import_items(items=[*make_bank(), common], by=SYSTEM, at=at)


@pytest.mark.usefixtures("bank")
def test_the_province_sees_which_positions_have_papers_and_what_the_others_lack(
    acting: Callable[[Actor], Any], as_actor: Callable[..., Actor]
) -> None:
    client = acting(as_actor("province_officer", scope="360000"))
    page = client.get(PATHS[0]).content.decode()
    assert [page.count(words) for words in ("可组两份试卷", "题量不足")] == [1, 12]
    assert "演示数据" in page
    thin = client.get("/authority/bank/BZY/").content.decode()
    assert "单选题：现有0题，需40题；" in thin
    assert "通用基础" in thin
    own = client.get(PATHS[1]).content.decode()
    assert "可组成2份互不重题的试卷" in own
    assert "Question single" not in own


@pytest.mark.usefixtures("bank")
def test_a_position_that_is_not_certified_is_not_there(
    acting: Callable[[Actor], Any], as_actor: Callable[..., Actor]
) -> None:
    client = acting(as_actor("province_officer", scope="360000"))
    assert [client.get(f"/authority/bank/{key}/").status_code for key in ("XYZ", "AQY")] == [404, 404]


def test_nobody_else_looks_into_the_bank(acting: Callable[[Actor], Any], as_actor: Callable[..., Actor]) -> None:
    for actor in (as_actor(), as_actor("city_officer", scope="360100"), as_actor("registrar", scope="x")):
        assert [acting(actor).get(path).status_code for path in PATHS] == [403, 403]


def test_an_empty_bank_says_so_once_for_each_kind(
    acting: Callable[[Actor], Any], as_actor: Callable[..., Actor]
) -> None:
    client = acting(as_actor("platform_operator"))
    page = client.get(PATHS[0]).content.decode()
    assert [page.count(words) for words in ("单选题", "多选题", "判断题", "案例题", "专有")] == [13, 13, 13, 13, 0]
    assert client.get(PATHS[0]).content.decode().count("题量不足") == 13
    assert "题库中没有该岗位的试题。" in client.get(PATHS[1]).content.decode()
