"""The cache in the database: one count for all processes, read back as it was, gone when its time is over."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection

from kernel import clock, tasks, tenancy
from kernel.db.cache import PostgresCache
from kernel.models import CacheEntry
from support import committed

NUMBER = "13900000001"


def test_a_value_comes_back_as_it_was_and_goes_when_told(public_db: None) -> None:
    assert isinstance(caches["default"], PostgresCache)
    for value in (1, True, "y", [1764554000.25, 1764553999.5], {"a": None}):
        cache.set("k", value, 60)
        assert cache.get("k") == value
    assert (cache.delete("k"), cache.delete("k"), cache.get("k"), cache.get("k", 7)) == (True, False, None, 7)


def test_only_the_first_may_add_until_its_time_is_over(public_db: None) -> None:
    assert (cache.add("k", 1, 60), cache.add("k", 2, 60), cache.get("k")) == (True, False, 1)
    cache.set("k", 3, 0)
    assert (cache.get("k"), cache.add("k", 4, 60), cache.get("k")) == (None, True, 4)


def test_a_number_is_added_to_where_it_stands_and_nowhere_else(public_db: None) -> None:
    with pytest.raises(ValueError, match="held"):
        cache.incr("k")
    cache.add("k", 1, 60)
    assert (cache.incr("k"), cache.incr("k", 3), cache.decr("k")) == (2, 5, 4)
    cache.set("k", 1, 0)
    with pytest.raises(ValueError, match="held"):
        cache.incr("k")


def test_a_value_lives_longer_when_touched_and_for_good_without_a_time(public_db: None) -> None:
    cache.set("k", 1, 0.05)
    assert cache.touch("k", 60)
    time.sleep(0.06)
    assert cache.get("k") == 1
    cache.set("k", 2, None)
    assert (cache.get("k"), cache.touch("other", 60)) == (2, False)


def test_no_key_stands_in_the_table_in_clear(public_db: None) -> None:
    cache.set(f"allauth:{NUMBER}", 1, 60)
    rows = list(CacheEntry.objects.values_list("key", flat=True))
    assert [len(bytes(key)) for key in rows] == [32]
    assert NUMBER.encode() not in bytes(rows[0])


def test_an_institutions_host_counts_in_the_same_place(alpha: Any) -> None:
    assert (cache.add("k", 1, 60), cache.incr("k"), tenancy.current_schema()) == (True, 2, "t_alpha")
    with tenancy.open_public():
        assert (CacheEntry.objects.count(), cache.get("k")) == (1, 2)


def test_what_has_expired_is_deleted_by_beat(public_db: None) -> None:
    cache.set("old", 1, 0)
    cache.set("new", 1, 60)
    tasks.expire_cache(at=clock.real_now())
    assert (CacheEntry.objects.count(), cache.get("new")) == (1, 1)


@pytest.fixture
def committing(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Connections that see each other."""
    with committed.committing(django_db_blocker):
        yield


def test_two_connections_share_one_count_and_lose_none(committing: None) -> None:
    together = Barrier(2)

    def count(_n: int) -> list[bool]:
        together.wait()
        try:
            firsts = []
            for turn in range(50):
                first = cache.add(f"turn-{turn}", 1, 60)
                if not first:
                    cache.incr(f"turn-{turn}")
                firsts.append(first)
            return firsts
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as executor:
        one, other = executor.map(count, range(2))
    assert [a != b for a, b in zip(one, other, strict=True)] == [True] * 50
    assert [cache.get(f"turn-{turn}") for turn in range(50)] == [2] * 50
