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


@pytest.mark.parametrize("text", ["1.234", "NaN", "Infinity", "zwölf", "", "1e20", "1.2.3", "1e999999", "5²"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.from_yuan(text)


def test_an_amount_is_written_as_people_write_it() -> None:
    assert str(Money(123450)) == "¥1,234.50"
    assert str(Money(-5)) == "-¥0.05"
