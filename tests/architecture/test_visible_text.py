"""Visible text: the line breaks of a template's source are no blanks between the words that people read."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, NavigableString
from django.template.loader import render_to_string
from django.utils import translation

from kernel.money import Money

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "frontend" / "templates"
BLOCKS = ("address", "article", "aside", "caption", "dd", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "li")
MORE_BLOCKS = ("legend", "nav", "ol", "p", "section", "summary", "table", "td", "th", "tr", "ul")
STARS = {"value": 4, "n": 12, "response_rate": 80, "year": 2026, "method": "jx-1", "distribution": []}
CLOCK = {"left": -2, "total": 20, "due": date(2026, 3, 16), "rule": "实施意见第二条"}
PRICE = {"amount": Money(80000), "ceiling": Money(100000), "basis": "赣人社〔2026〕1号", "unit": "每人"}
STANDING = {"tone": "warn", "label": "暂停招生", "since": date(2026, 3, 16)}


def visible(template: str, **context: Any) -> list[str]:
    """The lines of a rendered template as a browser would set them: blanks run together, none at a block's edge."""
    with translation.override("zh-hans"):
        soup = BeautifulSoup(render_to_string(template, context), "html.parser")
    for block in soup.find_all([*BLOCKS, *MORE_BLOCKS]):
        block.insert_before(NavigableString("\0"))
        block.append(NavigableString("\0"))
    lines = (re.sub(r"\s+", " ", line).strip() for line in soup.get_text().split("\0"))
    return [line for line in lines if line]


LESSON = {"kind": "video", "title": "绪论", "kind_label": "视频", "online": True, "credited": 600, "seconds": 1200}
STEPS = [{"label": "填表", "place": "done", "note": "三页"}, {"label": "签字", "place": "now"}]
CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("components/state_badge.html", {"label": "已报名"}, ["已报名"]),
    ("components/standing_badge.html", {"standing": STANDING}, ["暂停招生 2026年3月16日"]),
    ("components/standing_badge.html", {"standing": STANDING | {"url": "/1/"}}, ["暂停招生 2026年3月16日"]),
    ("components/stars.html", {"stars": STARS}, ["4", "2026 年度 · 12 人评价 · 评价率 80% · 算法 jx-1"]),
    ("components/stars.html", {"stars": {"value": None, "n": 2}}, ["未评定 （2 人评价）"]),
    (
        "components/clock.html",
        {"clock": CLOCK},
        ["已超期 2 个工作日 （2026年3月16日到期）", "-10% 依据：实施意见第二条"],
    ),
    (
        "components/price_under_cap.html",
        {"price": PRICE},
        ["¥800.00 / 每人", "上限 ¥1,000.00 · 依据：赣人社〔2026〕1号"],
    ),
    (
        "components/source.html",
        {"basis": "实施意见第二条", "version": "jx-2020.1"},
        ["依据：实施意见第二条 jx-2020.1"],
    ),
    ("components/steps.html", {"steps": STEPS}, ["填表 (已完成)三页", "2签字"]),
    (
        "courses/parts/lesson_line.html",
        {"lesson": LESSON | {"done": True}, "url": "/1/"},
        ["绪论 视频 10 / 20 分钟 已完成"],
    ),
    (
        "identity/notices/code.txt",
        {"code": "123456"},
        ["您的验证码 【诺星】验证码 123456，15分钟内有效。我们的工作人员不会向您索要验证码。"],
    ),
]


@pytest.mark.parametrize(("template", "context", "text"), CASES)
def test_what_is_read_is_what_was_written(template: str, context: dict[str, Any], text: list[str]) -> None:
    assert visible(template, **context) == text


def test_no_chinese_comma_joins_names_in_both_languages() -> None:
    """kernel.languages.enumeration and its filter join names; a file's own columns are in Chinese whoever reads."""
    of_files = {"platform/shared/bank/methods/question_sheet.py", "platform/kernel/languages.py"}
    paths = [*(ROOT / "platform").rglob("*.py"), *(ROOT / "tenants").rglob("*.py"), *TEMPLATES.rglob("*.html")]
    joined = re.compile(r"[\"']、[\"']\.join|join:[\"']、")
    assert [
        name
        for path in paths
        if (name := path.relative_to(ROOT).as_posix()) not in of_files and joined.search(path.read_text())
    ] == []
