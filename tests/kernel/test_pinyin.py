"""Names in the order of their pinyin: asked of the database, where lists are put in order."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Value
from hypothesis import given
from hypothesis import strategies as st

from kernel import migrations, pinyin
from kernel.management.commands import draw_pinyin
from kernel.pinyin import PinyinKey

DRAWN = Path(migrations.__file__).with_name("0006_pinyin_key.txt")
pytestmark = pytest.mark.usefixtures("public_db")


def _ordered(*names: str, person: bool = False) -> list[str]:
    with connection.cursor() as cursor:
        sql = "SELECT n FROM unnest(%s::text[]) AS t(n) ORDER BY public.pinyin_key(n, %s), n"
        cursor.execute(sql, [list(names), person])
        return [name for (name,) in cursor.fetchall()]


def test_names_stand_in_the_order_of_their_pinyin_and_not_of_their_code_points() -> None:
    names = ["安福", "九江", "南昌", "上饶", "宜春", "于都", "章贡"]
    assert sorted(names) != names
    assert _ordered(*sorted(names)) == names


@pytest.mark.parametrize(
    "names",
    [
        ["长春", "长沙", "陈家"],  # chang, not zhang
        ["成都", "重庆", "楚雄"],  # chong, not zhong
        ["都昌", "都匀", "段家"],  # du, not dou
        ["会计培训", "昆山"],  # kuai, not hui
        ["路桥", "吕梁", "乱石"],  # lu, lü, luan
        ["西安", "先锋"],  # xi an before xian
        ["3D培训", "BIM培训", "安福"],  # other letters first
    ],
)
def test_a_name_is_read_as_it_is_there(names: list[str]) -> None:
    assert _ordered(*reversed(names)) == names


@pytest.mark.parametrize(
    "names",
    [
        ["仇大海", "任小红", "单国强", "解晓东", "曾志伟"],  # qiu, ren, shan, xie, zeng
        ["区志", "欧阳锋", "朴正", "翟天临"],  # ou, ou yang, piao, zhai
        ["万俟卨", "万家宝", "尉迟恭", "张三"],  # mo qi, wan, yu chi
        ["张三", "张一", "章二", "章四"],  # those of one surname together
        ["艾力·买买提", "买买提·艾力"],
    ],
)
def test_a_person_s_surname_is_read_as_a_surname(names: list[str]) -> None:
    assert _ordered(*reversed(names), person=True) == names


def test_a_character_without_a_reading_stands_after_those_with_one() -> None:
    assert _ordered("𠮷野", "作家", "abc") == ["abc", "作家", "𠮷野"]


@given(st.text(max_size=12).filter(lambda text: "\x00" not in text), st.booleans())
def test_every_name_has_a_key(name: str, person: bool) -> None:
    if any(0xD800 <= ord(character) <= 0xDFFF for character in name):
        return
    assert _ordered(name, name + "安", person=person)[0] == name


def test_the_drawn_order_is_that_of_the_dictionary_and_of_our_names() -> None:
    assert draw_pinyin.page() == DRAWN.read_text()


def test_our_readings_have_a_syllable_for_each_character() -> None:
    own = pinyin.readings()
    for word, syllables in (own.words | own.surnames).items():
        assert len(word) == len(syllables), word
        assert all(syllable[-1] in "12345" for syllable in syllables), word
    assert {len(word) for word in own.words} == {2}
    assert {len(word) for word in own.surnames} == {1, 2}


def test_the_key_of_a_column_is_asked_of_the_database() -> None:
    assert str(PinyinKey(Value("a"), person=True).source_expressions[1]) == "Value(True)"
