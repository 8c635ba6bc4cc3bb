"""A new data key: values are sealed anew beside the work, nothing becomes unreadable, and the old key can go."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from kernel import access, crypto, fields
from shared.identity.models.accounts import Account
from shared.identity.operations import accounts, keys
from shared.records import operations as records
from shared.records import queries as record_queries

SECOND = base64.b64encode(b"2" * 32).decode()


@pytest.fixture
def two_keys(settings: Any) -> Iterator[Callable[[], None]]:
    """Give the platform a second key when called."""

    def give() -> None:
        settings.NUOXING_DATA_KEYS = {**settings.NUOXING_DATA_KEYS, 2: SECOND}
        crypto._cipher.cache_clear()

    yield give
    crypto._cipher.cache_clear()


def _accounts(at: Any, count: int, first: int = 0) -> list[str]:
    numbers = [f"138000{n:05d}" for n in range(first, first + count)]
    for number in numbers:
        accounts.register_account(identifier=number, password="correct-horse-9", name="李小路", at=at)
    return numbers


def _mobiles() -> list[str]:
    return sorted(account.mobile.reveal() for account in Account.objects.exclude(mobile=None))


def _versions(place: str = "identity.Account.mobile") -> dict[int, int]:
    return {use.version: use.values for use in record_queries.key_uses() if use.place == place}


def test_values_are_sealed_anew_a_few_at_a_time_and_read_the_same(public_db: None, at: Any, two_keys: Any) -> None:
    numbers = _accounts(at, 5)
    two_keys()
    assert _versions() == {1: 5}
    counts = []
    while records.reseal(limit=2):
        counts.append(_versions())
    assert counts[:3] == [{1: 3, 2: 2}, {1: 1, 2: 4}, {2: 5}]
    assert (_versions(), _mobiles()) == ({2: 5}, numbers)
    assert {use.version for use in record_queries.key_uses()} == {2}


def test_with_one_key_nothing_is_looked_for(public_db: None, at: Any, django_assert_num_queries: Any) -> None:
    _accounts(at, 1)
    with django_assert_num_queries(0):
        assert (records.reseal(), keys.reseal_authenticators()) == (0, 0)


def test_while_the_environment_names_the_old_key_new_values_are_sealed_under_it(
    public_db: None, at: Any, two_keys: Any, settings: Any
) -> None:
    two_keys()
    settings.NUOXING_SEAL_WITH = 1
    _accounts(at, 1)
    assert (records.reseal(), _versions()) == (0, {1: 1})
    settings.NUOXING_SEAL_WITH = None
    assert (records.reseal() > 0, _versions()) == (True, {2: 1})


def test_secrets_of_authenticators_are_sealed_anew_and_still_make_the_same_codes(
    public_db: None, at: Any, two_keys: Any, settings: Any
) -> None:
    settings.NUOXING_DEMO = True
    account = accounts.register_account(identifier="13800000001", password="correct-horse-9", name="李小路", at=at)
    accounts.set_totp(account_id=account.id, secret="JBSWY3DPEHPK3PXP", by=access.SYSTEM, at=at)
    two_keys()
    assert keys.reseal_authenticators() == 2
    assert keys.reseal_authenticators() == 0
    assert _versions("mfa.Authenticator") == {2: 2}
    assert accounts.totp_secret(account.id) == "JBSWY3DPEHPK3PXP"
    assert Authenticator.objects.count() == 2


def test_after_the_last_value_the_old_key_can_be_taken_away(
    public_db: None, at: Any, two_keys: Any, settings: Any
) -> None:
    numbers = _accounts(at, 3)
    two_keys()
    records.reseal()
    settings.NUOXING_DATA_KEYS = {2: SECOND}
    crypto._cipher.cache_clear()
    assert _mobiles() == numbers


def test_the_operator_sees_which_key_may_go(public_db: None, at: Any, two_keys: Any, visit: Any) -> None:
    _accounts(at, 2)
    two_keys()
    assert visit().get("/operator/keys/").status_code == 302
    uses = record_queries.key_uses()
    assert [use.version for use in uses if use.place == "identity.Account.mobile"] == [1]


def test_every_sealed_column_lies_in_the_shared_schema(public_db: None) -> None:
    """An institution's own table with one needs a way of its own to be sealed anew."""
    assert fields.encrypted_columns("tenants") == []
    assert len(fields.encrypted_columns()) >= 8
