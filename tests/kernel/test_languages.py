"""Languages: how names stand one after the other, and days and moments, in Chinese and in English."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from kernel.clock import CHINA
from kernel.dates import day_in_words, writer
from kernel.languages import enumeration


@pytest.mark.parametrize(
    ("language", "names", "text"),
    [
        ("zh-hans", ["甲", "乙", "丙"], "甲、乙、丙"),
        ("en", ["A", "B", "C"], "A; B; C"),
        ("en", ["A"], "A"),
        ("en", [], ""),
    ],
)
def test_names_stand_one_after_the_other_as_the_language_sets_them(language: str, names: list[str], text: str) -> None:
    with translation.override(language):
        assert enumeration(names) == text
        assert Template("{{ names|enumeration }}").render(Context({"names": names})) == text


def test_no_names_are_no_words() -> None:
    assert Template("{{ names|enumeration }}").render(Context({"names": None})) == ""


@pytest.mark.parametrize(
    ("language", "day", "short", "moment"),
    [
        ("en", "3 Feb 2026", "2026-02-03", "2026-02-03 00:05"),
        ("zh-hans", "2026年2月3日", "2026年2月3日", "2026年2月3日 00:05"),
    ],
)
def test_no_day_can_be_taken_for_a_month_and_a_clock_has_24_hours(
    language: str, day: str, short: str, moment: str
) -> None:
    at = datetime(2026, 2, 3, 0, 5, tzinfo=CHINA)
    with translation.override(language):
        written = [writer(style)(at) for style in ("DATE_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT")]
    assert written == [day, short, moment]


def test_a_moment_s_day_is_the_legal_one_and_not_greenwich_s() -> None:
    with translation.override("en"):
        assert day_in_words(datetime(2026, 2, 2, 16, 5, tzinfo=UTC)) == "3 Feb 2026"
        assert day_in_words(date(2026, 2, 3)) == "3 Feb 2026"
