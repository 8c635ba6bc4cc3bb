"""One thing has one word: the glossary says which, and a short English word stands for one thing alone."""

import re
import tomllib
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

from infra.stack.messages import PLACEHOLDER
from support.translations import apps_that_say, files_that_say

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PARTS = sorted((ROOT / "locale" / "zh_Hans" / "parts").glob("*.po"))
NEVER = re.compile(r"Never said: ([^|]+?) \|")
BROWSERS_WINDOW = re.compile(r"[另本]一?个?窗口[^只办]*(停止|打开|计入|继续)")


def never_said() -> list[str]:
    """Return the words that the glossary names as not to be used."""
    return [word for words in NEVER.findall(GLOSSARY) for word in words.split("、")]


TEXTS = ("platform", "tenants", "infra", "docs", "frontend/src", "frontend/templates", "README.md", "README.zh.md")
"""Where people's words stand beside the translations: packs, consents, the register, documents, guides, made-up data"""
KINDS = {".py", ".toml", ".typ", ".txt", ".md", ".html", ".ts", ".json", ".env", ".css"}
NO_TEXT = {"docs/glossary.md", "platform/kernel/migrations/0006_pinyin_key.txt"}  # names the words; a dictionary


def texts() -> list[Path]:
    """Return the files of ours in which words stand that people read, translations apart."""
    roots = [ROOT / name for name in TEXTS]
    files = [path for root in roots for path in (root.rglob("*") if root.is_dir() else [root])]
    return sorted(path for path in files if path.suffix in KINDS and path.relative_to(ROOT).as_posix() not in NO_TEXT)


def _wrong_words(paths: list[Path]) -> list[str]:
    """Return the places where a word stands that the glossary names as not to be said."""
    return [
        f"{path.relative_to(ROOT)}:{n} {word}"
        for path in paths
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for word in never_said()
        if word in line
    ]


def _translations(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a part that people read."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(n, line) for n, line in enumerate(lines, 1) if not line.startswith(("msgid", "msgctxt", "#"))]


def test_the_glossary_names_words_that_are_not_said() -> None:
    assert never_said() == [
        "考试", "考次", "补考", "柜台", "核验", "席位", "退费", "补时", "账号", "二次验证", "暂无评级",
    ]  # fmt: skip


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_thing_has_its_own_word_on_every_page(path: Path) -> None:
    wrong = [f"{path.stem}:{n} {word}" for n, line in _translations(path) for word in never_said() if word in line]
    assert wrong == []


def test_texts_that_stand_in_no_translation_say_the_glossary_s_words_too() -> None:
    """Packs and their formats, consents, the register of data, documents to print, guides, the demonstration's data."""
    there = {path.relative_to(ROOT).as_posix() for path in texts()}
    assert {
        "platform/shared/policy/packs/jiangxi-2020.toml",
        "platform/shared/policy/packs/formats/1.toml",
        "platform/shared/identity/texts/2026-01.toml",
        "platform/shared/privacy/register.toml",
        "platform/shared/certificates/documents/certificate.typ",
        "tenants/billing/documents/receipt.typ",
        "platform/shared/bank/methods/question_sheet.py",
        "frontend/templates/sittings/notices/cancelled.txt",
        "frontend/src/elements/test-client/views/labels.ts",
        "docs/guides/trainee.zh.md",
        "infra/demo/bank/common/safety.toml",
        "infra/demo/classes.py",
        "infra/walk/testing.py",
        "infra/deploy/away.html",
        "README.zh.md",
    } - there == set()
    assert _wrong_words(texts()) == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_window_is_a_counter_and_no_page_of_a_browser(path: Path) -> None:
    assert [f"{path.stem}:{n}" for n, line in _translations(path) if BROWSERS_WINDOW.search(line)] == []


SHORT = 2  # words
REVIEWED = {
    word: set(apps.split())
    for word, apps in tomllib.loads((Path(__file__).parent / "short_words.toml").read_text("utf-8")).items()
}


def test_a_short_word_of_several_files_has_been_looked_at() -> None:
    """The file is written by people: whoever says a word in one more app, or in a second file of one, has looked
    whether it means the same there.

    Where it does not, the word gets a context (`pgettext`, `{% translate … context … %}`).
    """
    said = {
        words: apps
        for words, apps in apps_that_say().items()
        if len(files_that_say()[words]) > 1 and len(words.split()) <= SHORT and not PLACEHOLDER.search(words)
    }
    assert {words: sorted(apps) for words, apps in said.items() if not apps <= REVIEWED.get(words, set())} == {}
    assert {words: sorted(apps) for words, apps in REVIEWED.items() if apps != said.get(words)} == {}


@pytest.mark.parametrize(
    ("context", "words", "chinese"),
    [
        ("state of an incident", "Open", "未处理"),
        ("state of a difference", "Open", "未处理"),
        ("state of a message", "Received", "已收到"),
        ("first day", "From", "起始日期"),
        ("files", "Out", "导出"),
        ("last day", "Decided by", "应在此日前决定"),
        (None, "Open", "打开"),
        (None, "Received", "收款"),
        (None, "From", "提出人"),
        (None, "Out", "缺考或作废"),
        (None, "Decided by", "审定人"),
        (None, "not passed", "不合格"),
        ("enrolment", "Withdrawn", "已退出报名"),
        (None, "Withdrawn", "已撤回"),
        ("in a room", "Seats", "座位数"),
        ("as chief proctor", "Take over", "接任主监考"),
        (None, "Seats", "名额"),
        ("how many", "Days", "天数"),
        (None, "Days", "起止日期"),
    ],
)
def test_a_word_for_two_things_is_said_in_two_ways(context: str | None, words: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert (gettext(words) if context is None else pgettext(context, words)) == chinese
