"""Folding: one name, number, mobile or mail address however it was typed or copied; the database folds alike."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kernel import folding, idnumbers, names
from kernel.errors import Invalid

NUMBER = idnumbers.make_resident_id("360102", date(1990, 5, 6), 12)
DOTS = "·•・‧･．∙⋅"
UNSEEN = ["\u200b", "\u200e", "\u200f", "\u202a", "\u202c", "\u202d", "\u2060", "\ufeff", "\u00ad", "\ufe0f"]


@pytest.mark.parametrize("dot", DOTS)
def test_a_name_of_many_parts_is_one_name_with_any_of_the_dots(dot: str) -> None:
    assert folding.name(f"买买提{dot}艾力") == folding.name(f"买买提 {dot} 艾力") == "买买提·艾力"
    assert folding.shown_name(f"买买提{dot}艾力") == "买买提·艾力"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_is_part_of_no_name_and_of_no_number(unseen: str) -> None:
    assert folding.name(f"{unseen}李{unseen}小路{unseen}") == folding.shown_name(f"李小路{unseen}") == "李小路"
    assert folding.number(f"{unseen}{NUMBER[:6]}{unseen}{NUMBER[6:]}") == NUMBER
    assert folding.mobile(f"{unseen}138{unseen}00001234{unseen}") == "13800001234"


@pytest.mark.parametrize(
    ("typed", "shown", "folded"),
    [
        ("李 小　路", "李小路", "李小路"),
        (" 欧阳\u00a0娜娜", "欧阳娜娜", "欧阳娜娜"),
        ("Ｍａｒｉａ  dos Santos", "Maria dos Santos", "maria dos santos"),
        ("J. R. Smith", "J. R. Smith", "j. r. smith"),
        ("孙〇", "孙〇", "孙〇"),
    ],
)
def test_a_name_is_shown_as_it_is_written_and_compared_folded(typed: str, shown: str, folded: str) -> None:
    assert (folding.shown_name(typed), folding.name(typed)) == (shown, folded)


@pytest.mark.parametrize("digit", ["²", "③", "٣", "߃", "𝟑"])
def test_a_digit_that_stands_on_no_document_does_not_become_one(digit: str) -> None:
    assert folding.number(f"1{digit}") == f"1{digit}"
    with pytest.raises(Invalid):
        idnumbers.resident_id(NUMBER.replace("0", digit, 1))
    with pytest.raises(Invalid):
        idnumbers.mobile(f"138{digit}0001234")
    with pytest.raises(Invalid):
        idnumbers.credit_code(f"91360100MA0000{digit}159")


@pytest.mark.parametrize(
    "text",
    [
        "\u202d138 0000 1234\u202c",  # as contacts of an iPhone copy it
        "\u202a+86\u00a0138\u20110000\u20111234\u202c",
        "＋８６ １３８－００００－１２３４",
        "0086 138.0000.1234",
        "(+86)13800001234",
    ],
)
def test_a_mobile_that_a_telephone_copied_is_a_mobile(text: str) -> None:
    assert idnumbers.mobile(text) == "13800001234"


def test_a_number_is_one_number_in_full_width_and_with_any_dash() -> None:
    assert folding.number(" 赣建安Ａ（2026）０００１–1") == "赣建安A(2026)0001-1"


def test_a_mail_address_is_folded_to_small_letters_and_to_no_other_address() -> None:
    assert folding.address("\u200bＷang@Example.COM ") == "wang@example.com"
    assert folding.address("wan²g@example.com") != folding.address("wan2g@example.com")


RARE = {"李小路": [], "𬭚某": [("𬭚", "U+2CB5A")], "㛃某": [("㛃", "U+36C3")], "鿎": [("鿎", "U+9FCE")], "Maria·〇": []}


@pytest.mark.parametrize("name", RARE)
def test_a_character_that_a_browser_may_not_draw_is_named_by_its_number(name: str) -> None:
    assert names.rare_characters(name) == RARE[name]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    for fold in (folding.name, folding.shown_name, folding.number, folding.mobile, folding.address):
        assert fold(fold(text)) == fold(text), fold.__name__


pieces = st.one_of(
    st.sampled_from(
        [*DOTS, *UNSEEN, *folding.DASHES, *folding.DOTS, *" \t\u00a0\u3000\u2003.AaÉéＡａ①²③０3\U00020bb7〇々ﾞ"]
    ),
    st.characters(blacklist_categories=("Cs", "Cn"), blacklist_characters="\0", max_codepoint=0xFFFF),
    st.sampled_from("李小路买买提艾力欧阳"),
)


class Alike(TestCase):
    """The functions of the database beside those of Python."""

    @settings(deadline=None, max_examples=150)
    @given(st.text(pieces, max_size=20))
    def test_the_database_folds_as_we_do(self, text: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.folded_name(%s), public.folded_number(%s)", [text, text])
            assert cursor.fetchone() == (folding.name(text), folding.number(text))

    def test_every_character_that_is_not_seen_goes_there_too(self) -> None:
        text = "".join(chr(c) for c in range(1, 0xE0200) if not 0xD800 <= c <= 0xDFFF and folding.visible(chr(c)) == "")
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.folded_name(%s), public.folded_number(%s)", [text, text])
            assert cursor.fetchone() == ("", "")
