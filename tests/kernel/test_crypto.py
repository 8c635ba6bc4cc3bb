"""Personal data at rest: unreadable without the key, masked by default, found by its blind index."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import crypto
from kernel.fields import Sealed


@given(st.text(max_size=60))
def test_what_was_sealed_is_read_back(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text)) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert crypto.encrypt("110105") != crypto.encrypt("110105")


def test_a_changed_byte_is_noticed() -> None:
    sealed = bytearray(crypto.encrypt("110105"))
    sealed[-1] ^= 1
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(bytes(sealed))


def test_a_new_key_writes_and_the_old_one_still_reads(settings: object) -> None:
    old = crypto.encrypt("演示")
    settings.NUOXING_DATA_KEYS = {**settings.NUOXING_DATA_KEYS, 2: base64.b64encode(b"2" * 32).decode()}  # type: ignore[attr-defined]
    crypto._cipher.cache_clear()
    assert crypto.encrypt("演示")[:2] == b"\x00\x02"
    assert crypto.decrypt(old) == "演示"
    crypto._cipher.cache_clear()


def test_a_sealed_value_shows_itself_masked() -> None:
    sealed = Sealed.of("13812341234", "mobile")
    assert str(sealed) == "138****1234"
    assert "13812341234" not in repr(sealed)
    assert sealed.reveal() == "13812341234"


def test_equal_texts_share_a_blind_index_and_others_do_not() -> None:
    assert crypto.blind("a") == crypto.blind("a")
    assert crypto.blind("a") != crypto.blind("b")
