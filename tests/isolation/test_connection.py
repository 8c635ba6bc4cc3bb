"""The connection is who it should be at every statement, whatever happened before."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, ProgrammingError

from kernel import clock, later, tenancy
from kernel.db import roles
from kernel.db.postgres.base import DatabaseWrapper
from shared.institutions.models import Institution


def who() -> str:
    """Return the role of the moment, as the database says it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


ALPHA, BETA = "t_alpha", "t_beta"
seen: list[str] = []


@later.task("isolation.who", runs=later.Where.EVERYWHERE)
def _note_who(*, at: Any) -> None:
    seen.append(who())


def test_a_schema_is_opened_with_its_role(institutions: tuple[Any, Any]) -> None:
    first, second = institutions
    assert who() == roles.platform_role()
    with tenancy.open_institution(first):
        assert who() == roles.role_of(ALPHA)
        with tenancy.open_institution(second):
            assert who() == roles.role_of(BETA)
            with tenancy.open_public():
                assert who() == roles.platform_role()
            with tenancy.as_owner():
                assert who() not in (roles.role_of(ALPHA), roles.role_of(BETA), roles.platform_role())
            assert who() == roles.role_of(BETA)
        assert who() == roles.role_of(ALPHA)
    assert who() == roles.platform_role()


def test_the_role_survives_a_savepoint_that_is_undone(institutions: tuple[Any, Any]) -> None:
    def go_and_fail() -> None:
        with transaction.atomic():
            with tenancy.open_institution(institutions[1]):
                assert who() == roles.role_of(BETA)
            raise ZeroDivisionError

    with tenancy.open_institution(institutions[0]):
        with pytest.raises(ZeroDivisionError):
            go_and_fail()
        assert who() == roles.role_of(ALPHA)
    with pytest.raises(ZeroDivisionError):
        go_and_fail()
    assert who() == roles.platform_role()


def test_a_failed_statement_leaves_the_role_as_it_should_be(institutions: tuple[Any, Any]) -> None:
    with tenancy.open_institution(institutions[0]):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        assert who() == roles.role_of(ALPHA)


def test_a_cursor_opened_before_is_no_way_round(institutions: tuple[Any, Any]) -> None:
    with tenancy.open_institution(institutions[0]), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        with tenancy.open_public():
            assert who() == roles.platform_role()
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (roles.platform_role(),)
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (roles.role_of(ALPHA),)


def test_a_schema_without_a_role_is_an_error_and_not_somebody_else(public_db: None) -> None:
    nobody = Institution(schema_name="t_nobody", slug="nobody")
    with pytest.raises(DataError, match="does not exist"), transaction.atomic(), tenancy.open_institution(nobody):
        who()
    assert who() == roles.platform_role()
    with pytest.raises(ValueError, match="no schema"), tenancy.open_institution(Institution(schema_name="x" * 52)):
        who()


def test_rows_read_in_chunks_are_read_under_the_role(alpha: Any) -> None:
    names = Institution.objects.order_by("pk").values_list("schema_name", flat=True).iterator(chunk_size=1)
    assert sorted(names) == [ALPHA, BETA]
    assert who() == roles.role_of(ALPHA)


def test_what_happens_on_commit_happens_under_the_role_open_then(
    institutions: tuple[Any, Any], django_capture_on_commit_callbacks: Any
) -> None:
    seen_roles: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), tenancy.open_institution(institutions[0]):
        transaction.on_commit(lambda: seen_roles.append(who()))
    assert seen_roles == [roles.platform_role()]


def test_a_task_runs_under_the_role_of_the_schema_that_asked(institutions: tuple[Any, Any]) -> None:
    seen.clear()
    with tenancy.open_institution(institutions[1]):
        later.later("isolation.who")
    later.later("isolation.who")
    later.drain(until=clock.now())
    assert seen == [roles.role_of(BETA), roles.platform_role()]


def test_the_search_path_and_the_role_are_set_once_and_in_one_statement(
    institutions: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    plain = DatabaseWrapper._handle_search_path

    def counting(self: Any, cursor: Any = None) -> None:
        before = self._session_state
        plain(self, cursor)
        if self._session_state != before:
            sent.append(str(self._session_state[0]))

    monkeypatch.setattr(DatabaseWrapper, "_handle_search_path", counting)
    with tenancy.open_institution(institutions[0]):
        for _n in range(3):
            who()
    with tenancy.open_public(), tenancy.open_institution(institutions[0]):
        who()
    assert sent == [ALPHA]


@pytest.fixture
def another_connection(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A connection of its own, with Django's own pool."""
    with django_db_blocker.unblock():
        copy = connection.copy("pooled")
        copy.settings_dict = copy.settings_dict | {
            "CONN_MAX_AGE": 0,
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 1, "timeout": 10}},
        }
        yield copy
        copy.close()
        copy.close_pool()


def test_a_connection_given_back_to_the_pool_is_nobody_elses(another_connection: Any) -> None:
    """Whoever has the pooled connection next takes a role of their own before their first statement."""
    seen_roles = []
    for schema in (ALPHA, "public", BETA):
        another_connection.set_schema(schema)
        with another_connection.cursor() as cursor:
            cursor.execute("SELECT current_user, pg_backend_pid()")
            seen_roles.append(cursor.fetchone())
        another_connection.close()
    assert [role for role, _pid in seen_roles] == [roles.role_of(ALPHA), roles.platform_role(), roles.role_of(BETA)]
    assert len({pid for _role, pid in seen_roles}) == 1
