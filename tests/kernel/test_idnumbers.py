"""Numbers of people and organisations: the published samples, unusual but real shapes, and typos."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import idnumbers
from kernel.errors import Invalid
from kernel.idnumbers import ResidentId, credit_code, make_credit_code, make_resident_id, mobile, resident_id

TODAY = date(2026, 3, 2)
births = st.dates(date(1927, 1, 1), date(2009, 12, 31))
areas = st.sampled_from(
    ["360102", "362101", "362502", "360981", "360124", "810000", "820000", "830000", "911840", "110105"]
)
serials = st.integers(0, 999)


def words_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return str(refused.value)


def test_the_published_sample_is_read() -> None:
    assert resident_id(" 11010519491231002x ", on=TODAY) == ResidentId(
        "11010519491231002X", "female", date(1949, 12, 31)
    )


def test_full_width_digits_from_a_chinese_keyboard_are_read() -> None:
    assert resident_id("１１０１０５１９４９１２３１００２Ｘ").number == "11010519491231002X"


@pytest.mark.parametrize(
    ("area", "year"),
    [("360981", 1990), ("360827", 1975), ("360124", 1960), ("360781", 1980), ("362101", 1958), ("362532", 1971)],
)
def test_a_county_that_did_not_exist_at_birth_is_no_reason_to_refuse(area: str, year: int) -> None:
    number = make_resident_id(area, date(year, 5, 17), 12)
    assert resident_id(number, on=TODAY) == ResidentId(number, "female", date(year, 5, 17))


@pytest.mark.parametrize(
    ("area", "kind"),
    [
        ("360102", "resident"),
        ("710000", "resident"),
        ("810000", "residence-permit"),
        ("820000", "residence-permit"),
        ("830000", "residence-permit"),
        ("936840", "permanent-residence"),
    ],
)
def test_residence_permits_and_permanent_residence_cards_are_read(area: str, kind: str) -> None:
    assert resident_id(make_resident_id(area, date(1990, 2, 3), 11), on=TODAY).kind == kind


def test_fifteen_digits_are_refused_with_what_to_do() -> None:
    with pytest.raises(Invalid) as refused:
        resident_id("360102700517002")
    assert refused.value.code == "not-a-resident-id"
    assert "15" in words_of(refused)
    assert "18" in words_of(refused)


@pytest.mark.parametrize(
    "value",
    ["", "3601", "01010519491231002X", "1101051949123100XX", "11010519491231002XX", "11010519491231002Y", "x" * 18],
)
def test_what_has_not_the_shape_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        resident_id(value)


def test_a_province_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        resident_id(make_resident_id("170000", date(1990, 1, 1), 1))
    assert "17" in words_of(refused)


def test_a_day_that_does_not_exist_is_refused() -> None:
    body = "36010219900230001"
    with pytest.raises(Invalid) as refused:
        resident_id(body + idnumbers.resident_check(body))
    assert "7" in words_of(refused)


@pytest.mark.parametrize(
    ("born", "fits"),
    [
        (date(2010, 3, 2), True),
        (date(2010, 3, 3), False),
        (date(1926, 3, 2), True),
        (date(1925, 3, 3), True),
        (date(1925, 3, 2), False),
        (date(2027, 1, 1), False),
    ],
)
def test_the_age_window_is_16_to_100_years_on_the_given_day(born: date, fits: bool) -> None:
    number = make_resident_id("360102", born, 1)
    if fits:
        assert resident_id(number, on=TODAY).born == born
    else:
        with pytest.raises(Invalid):
            resident_id(number, on=TODAY)


def test_without_a_day_the_age_is_not_judged() -> None:
    assert resident_id(make_resident_id("360102", date(1880, 1, 1), 1)).born == date(1880, 1, 1)


@given(areas, births, serials)
def test_what_is_made_is_read_again(area: str, born: date, serial: int) -> None:
    number = make_resident_id(area, born, serial)
    assert resident_id(number) == ResidentId(number, "male" if serial % 2 else "female", born)


@given(areas, births, serials, st.integers(0, 17), st.integers(1, 9))
def test_any_one_mistyped_digit_is_refused(area: str, born: date, serial: int, place: int, shift: int) -> None:
    number = make_resident_id(area, born, serial)
    digit = 10 if number[place] == "X" else int(number[place])
    wrong = f"{number[:place]}{(digit + shift) % 10}{number[place + 1 :]}"
    if wrong != number:
        with pytest.raises(Invalid):
            resident_id(wrong)


@given(st.text(max_size=24))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (resident_id, credit_code, mobile):
        try:
            read(text)
        except Invalid:
            continue


SAMPLES = ["91360100MA00000159", "12360000000000019J", "52360100MJ00000184", "123604000000000272", "91110000600037341L"]


@pytest.mark.parametrize("code", SAMPLES)
def test_a_credit_code_with_both_checks_right_is_read_and_made(code: str) -> None:
    assert credit_code(f" {code[:8].lower()} {code[8:].lower()}") == code
    assert make_credit_code(code[:2], code[2:8], code[8:16]) == code


def test_the_published_code_of_a_company_is_read_and_letters_may_come_first() -> None:
    assert credit_code("91110000600037341L") == "91110000600037341L"
    for head in ("A1", "N1", "Y1", "11", "51"):
        assert credit_code(make_credit_code(head, "360100", "MA000001")).startswith(head)


@given(st.sampled_from(SAMPLES), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_one_mistyped_character_of_a_credit_code_is_refused(code: str, place: int, other: str) -> None:
    if code[place] != other:
        with pytest.raises(Invalid):
            credit_code(code[:place] + other + code[place + 1 :])


@given(areas, births, serials, st.integers(0, 16))
def test_two_neighbouring_digits_that_changed_places_are_refused(
    area: str, born: date, serial: int, place: int
) -> None:
    number = make_resident_id(area, born, serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(Invalid):
            resident_id(swapped)


@pytest.mark.parametrize(
    "code",
    ["", "91360100MA0000015", "9136010OMA00000159", "91360100MA00000158", "91360100MA00000169", "9136010XMA00000159"],
)
def test_a_credit_code_with_a_slip_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        credit_code(code)


def test_a_wrong_organisation_check_under_a_right_last_character_is_refused() -> None:
    body = "91360100MA0000016"
    with pytest.raises(Invalid):
        credit_code(body + idnumbers.credit_check(body))


@given(
    st.sampled_from(["91", "12", "52", "11", "51", "92", "93"]), st.integers(360000, 361181), st.integers(0, 10**8 - 1)
)
def test_every_made_credit_code_is_read(head: str, division: int, organisation: int) -> None:
    code = make_credit_code(head, str(division), f"{organisation:08d}")
    assert credit_code(code) == code


@pytest.mark.parametrize(
    "value",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "008613812345678",
        "１３８１２３４５６７８",
        "＋86-138-1234-5678",
        "0086 138 1234 5678",
    ],
)
def test_a_mobile_is_read_however_it_is_written(value: str) -> None:
    assert mobile(value) == "13812345678"


@pytest.mark.parametrize("value", ["", "12812345678", "1381234567", "138123456789", "8613812345678", "079186262626"])
def test_what_is_no_mobile_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        mobile(value)


def test_masks_show_what_may_be_shown() -> None:
    assert idnumbers.mask_id("36010219900307001X") == "360***********001X"
    assert idnumbers.mask_mobile("13812341234") == "138****1234"
    assert [idnumbers.mask_name(n) for n in ("", "张", "张三", "张小三", "欧阳小三", "𠮷野家")] == [
        "", "*", "张*", "张*三", "欧**三", "𠮷*家",
    ]  # fmt: skip


@given(st.text(max_size=30))
def test_a_mask_keeps_the_length_and_never_shows_all(text: str) -> None:
    for mask in (idnumbers.mask_id, idnumbers.mask_mobile, idnumbers.mask_name):
        masked = mask(text)
        assert len(masked) == len(text)
        assert text == "" or "*" in masked


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 2, 29), date(2020, 2, 29), 20),
        (date(1966, 3, 2), date(2026, 3, 1), 59),
        (date(1966, 3, 2), date(2026, 3, 2), 60),
    ],
)
def test_age_is_completed_on_the_birthday(born: date, day: date, age: int) -> None:
    assert idnumbers.age_on(born, day) == age


@given(births, st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_age_never_falls(born: date, day: date, more: int) -> None:
    later = date.fromordinal(day.toordinal() + more)
    assert idnumbers.age_on(born, later) >= idnumbers.age_on(born, day)
