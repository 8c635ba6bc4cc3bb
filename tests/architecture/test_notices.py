"""Every move of a state chart says whom it touches and which notice tells them, or why none (notices.toml)."""

import tomllib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils import translation

from kernel import states
from shared.notices import methods

ROOT = Path(__file__).resolve().parents[2]
TABLE: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "tests/architecture/notices.toml").read_text())
WORDS = TABLE.pop("words")
LINES: dict[str, dict[str, Any]] = {
    f"{chart}.{move}": line for chart, moves in TABLE.items() for move, line in moves.items()
}
CONNECTED = {str(key) for key, _function in states.moves_made.connected}


def test_every_move_of_every_chart_stands_in_the_table() -> None:
    moves = {f"{chart.name}.{move.name}" for chart in states.charts.values() for move in chart.moves}
    assert sorted(LINES) == sorted(moves)


def test_each_line_says_whom_and_one_of_which_notice_and_why_none() -> None:
    wrong = [
        name
        for name, line in LINES.items()
        if not line.get("whom")
        or ("notice" in line) == ("none" in line)
        or len(line.get("none", "a reason of its own")) < 10
        or set(line) - {"whom", "notice", "none", "sent_by"}
    ]
    assert wrong == []


def test_what_is_said_to_be_sent_is_connected_to_the_move_or_named_where_it_is_sent() -> None:
    told = {name for name, line in LINES.items() if "notice" in line}
    assert {name for name in told if "sent_by" not in LINES[name]} == CONNECTED
    for name in told - CONNECTED:
        place = ROOT / LINES[name]["sent_by"]
        source = "".join(p.read_text() for p in ([place] if place.is_file() else place.rglob("*.py")))
        for notice in LINES[name]["notice"]:
            app, _dot, what = notice.partition(".")
            assert what.removeprefix("draft_") in source, (name, notice)
            assert app in str(place)


def test_every_notice_has_words_and_all_words_are_sent() -> None:
    files = (ROOT / "frontend" / "templates").glob("*/notices/*.txt")
    written = {f"{path.parent.parent.name}.{path.stem}" for path in files}
    sent = {notice for line in LINES.values() for notice in line.get("notice", [])}
    assert sorted(sent - written) == []
    assert sorted(written - sent - set(WORDS)) == []


def test_words_of_every_notice_are_said_in_both_languages() -> None:
    assert apps.ready
    for notice in sorted({notice for line in LINES.values() for notice in line.get("notice", [])}):
        with translation.override("en"):
            english = methods.words(notice, {}, "en")
        chinese = methods.words(notice, {}, "zh-hans")
        assert english.title, notice
        assert english.title != chinese.title, notice
