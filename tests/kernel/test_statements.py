"""A statement compiled once returns what its queryset would return now; figures are asked together."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import CharField, DateTimeField

from kernel import tenancy
from kernel.access import ANONYMOUS, Actor
from kernel.db.statements import Bind, Figure, Statement, ask
from kernel.models import Heartbeat
from kernel.todos import Todo, collect, only_if

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUILT: list[int] = []


def _since() -> Any:
    BUILT.append(1)
    return Heartbeat.objects.filter(beat_at__gte=Bind("since", DateTimeField())).order_by("name")


@pytest.fixture
def beats(public_db: None) -> None:
    for n, name in enumerate(("beat", "mail", "worker")):
        Heartbeat.objects.create(name=name, beat_at=AT + timedelta(hours=n))


def test_a_statement_returns_the_rows_of_its_queryset(beats: None) -> None:
    statement: Statement[Heartbeat] = Statement(_since)
    for hours in (0, 1, 2, 3):
        since = AT + timedelta(hours=hours)
        rows = statement.fetch(since=since)
        assert rows == list(Heartbeat.objects.filter(beat_at__gte=since).order_by("name"))
        assert [row.beat_at for row in rows] == [AT + timedelta(hours=n) for n in range(hours, 3)]


def test_what_changes_in_between_is_seen_and_nothing_is_built_again(beats: None) -> None:
    BUILT.clear()
    statement: Statement[Heartbeat] = Statement(_since)
    assert len(statement.fetch(since=AT)) == 3
    with tenancy.as_owner():
        Heartbeat.objects.filter(name="mail").delete()
    Heartbeat.objects.filter(name="beat").update(beat_at=AT + timedelta(days=1))
    assert [(row.name, row.beat_at) for row in statement.fetch(since=AT)] == [
        ("beat", AT + timedelta(days=1)),
        ("worker", AT + timedelta(hours=2)),
    ]
    assert BUILT == [1]


def test_values_lists_are_returned_as_the_queryset_returns_them(beats: None) -> None:
    pairs: Statement[tuple[str, datetime]] = Statement(lambda: _since().values_list("name", "beat_at"))
    names: Statement[str] = Statement(lambda: _since().values_list("name", flat=True))
    assert pairs.fetch(since=AT + timedelta(hours=2)) == [("worker", AT + timedelta(hours=2))]
    assert names.fetch(since=AT) == ["beat", "mail", "worker"]
    assert names.first(since=AT) == "beat"
    assert names.first(since=AT + timedelta(days=9)) is None


def test_any_of_takes_lists_of_every_length(beats: None) -> None:
    named: Statement[str] = Statement(
        lambda: (
            Heartbeat.objects.filter(name__any_of=Bind("names", CharField(), many=True))
            .order_by("name")
            .values_list("name", flat=True)
        )
    )
    assert named.fetch(names=["worker", "beat", "nobody"]) == ["beat", "worker"]
    assert named.fetch(names=frozenset({"mail"})) == ["mail"]
    assert named.fetch(names=[]) == []
    assert named.fetch(names=["it's", 'a "quoted", {list}', "beat"]) == ["beat"]
    odd = ["NULL", '\\ "a", {b} it\'s %s']
    for name in odd:
        Heartbeat.objects.create(name=name, beat_at=AT)
    assert set(named.fetch(names=odd)) == set(odd)
    assert named.fetch(names=["null", "\\", '"a"']) == []


def test_a_value_that_is_none_or_missing_is_refused(beats: None) -> None:
    statement: Statement[Heartbeat] = Statement(_since)
    with pytest.raises(ValueError, match="since is None"):
        statement.fetch(since=None)
    with pytest.raises(KeyError):
        statement.fetch()


def test_figures_are_asked_in_one_query(beats: None, django_assert_num_queries: Any) -> None:
    statement: Statement[Heartbeat] = Statement(_since)
    late = AT + timedelta(hours=1)
    with django_assert_num_queries(1):
        values = ask(
            statement.count(since=AT),
            statement.count(since=late),
            statement.exists(since=late),
            statement.exists(since=AT + timedelta(days=1)),
            statement.missing(since=AT + timedelta(days=1)),
        )
    assert values == (3, 2, True, False, True)
    with django_assert_num_queries(0):
        assert ask() == ()


def test_a_figure_of_a_sliced_queryset_counts_the_slice(beats: None) -> None:
    two: Statement[Heartbeat] = Statement(lambda: _since()[:2])
    assert ask(two.count(since=AT), two.count(since=AT + timedelta(hours=2))) == (2, 1)


def _todo(title: str) -> Todo:
    return Todo(title, "/", "Do")


def test_a_source_is_called_only_where_one_of_its_signs_is_there(beats: None, django_assert_num_queries: Any) -> None:
    statement: Statement[Heartbeat] = Statement(_since)
    called: list[str] = []

    def source(name: str, signs: list[Figure] | None) -> Any:
        def run(actor: Actor, at: datetime) -> Iterable[Todo]:
            called.append(name)
            return [_todo(name)]

        return run if signs is None else only_if(lambda actor, at: signs)(run)

    there, not_there = statement.exists(since=AT), statement.exists(since=AT + timedelta(days=1))
    sources = [
        source("none", [not_there]),
        source("one of two", [not_there, there]),
        source("always", None),
        source("nothing to ask", []),
        source("last", [there]),
    ]
    with django_assert_num_queries(1):
        todos = collect(sources, ANONYMOUS, AT)
    assert [todo.title for todo in todos] == called == ["one of two", "always", "last"]
