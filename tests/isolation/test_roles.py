"""Roles are made, follow their schemas and go, however often and beside whom it is done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import tenancy
from kernel.db import roles


def test_names_hold_the_database_and_the_schema_and_fit() -> None:
    longest = "s" * roles.LONGEST_SCHEMA
    assert roles.role_of(longest).endswith(longest)
    assert len(roles.role_of(longest).encode()) == 63
    assert roles.role_of("t_alpha") != roles.role_of("t_beta")
    for name in ("", "s" * 52, "学" * 18):
        with pytest.raises(ValueError, match="no schema"):
            roles.role_of(name)


def test_a_role_is_made_owned_renamed_and_dropped_and_each_may_be_repeated(public_db: None) -> None:
    with transaction.atomic(), tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA t_gamma; CREATE TABLE t_gamma.kept (i int)")
        for _n in range(2):
            roles.create_role("t_gamma")
            roles.grant_schema("t_gamma")
        cursor.execute("ALTER SCHEMA t_gamma RENAME TO t_delta")
        for _n in range(2):
            roles.rename("t_gamma", "t_delta")
        assert not roles.exists(roles.role_of("t_gamma"))
        cursor.execute("CREATE TABLE t_delta.later (i int)")
        for table in ("kept", "later"):
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, 'INSERT'), has_table_privilege(%s, %s, 'TRUNCATE')",
                [roles.role_of("t_delta"), f"t_delta.{table}"] * 2,
            )
            assert cursor.fetchone() == (False, False), table  # no table that is not declared is anybody's
        cursor.execute("DROP SCHEMA t_delta CASCADE")
        for _n in range(2):
            roles.drop_role("t_delta")
        assert not roles.exists(roles.role_of("t_delta"))
        transaction.set_rollback(True)


def test_several_at_the_same_moment_make_one_role(django_db_setup: None, django_db_blocker: Any) -> None:
    barrier = Barrier(4)

    def make() -> bool:
        try:
            barrier.wait(10)
            roles.create_role("t_race")
            return roles.exists(roles.role_of("t_race"))
        finally:
            connection.close()

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        try:
            assert [f.result() for f in [pool.submit(make) for _n in range(4)]] == [True] * 4
        finally:
            roles.drop_role("t_race")
            connection.close()
