"""Money is whole fen and says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money, NotAnAmount

amounts = st.integers(-(10**12), 10**12).map(Money)


@given(amounts)
def test_an_amount_written_in_yuan_is_read_back_as_it_was(amount: Money) -> None:
    assert Money.from_yuan(amount.yuan) == amount


@given(amounts, amounts)
def test_adding_and_taking_away_leaves_the_amount(one: Money, other: Money) -> None:
    assert one + other - other == one


NO_AMOUNTS = "1.234|NaN|Infinity|zwölf||1e20|1.2.3|1e999999|5²|12,50|8,40|1,2,3|1,2345|,5|1e3|1E+3|٨٤٠|840 元|+5|1.500"


@pytest.mark.parametrize("text", NO_AMOUNTS.split("|"))
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.from_yuan(text)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("840", 84000), ("1,250.5", 125050), ("１，２５０．５", 125050), ("８４０", 84000), ("-0.05", -5)],
)
def test_an_amount_is_read_as_people_write_it(text: str, fen: int) -> None:
    assert Money.from_yuan(text) == Money(fen)


def test_an_amount_is_written_as_people_write_it() -> None:
    assert str(Money(123450)) == "¥1,234.50"
    assert str(Money(-5)) == "-¥0.05"
