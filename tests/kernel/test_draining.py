"""Many tasks in one transaction do what they would do one by one, also where one of them fails."""

import pytest
from django.db import transaction

from kernel import access, audit, clock, draining, later, tasks, tenancy, unchanging
from kernel.errors import Refusal
from kernel.models import AuditEntry, Heartbeat, Outbox
from shared.institutions.models import Organisation

ran: list[tuple[str, str]] = []


@later.task("test.together", runs=later.Where.EVERYWHERE)
def _together(*, at, word):
    ran.append((tenancy.current_schema(), word))
    if word == "refused":
        raise Refusal
    if word == "broken":
        Heartbeat.objects.create(name="half-written", beat_at=at)
        raise RuntimeError("the network is down")


@pytest.fixture(autouse=True)
def _empty():
    ran.clear()


def _drain(**how):
    return draining.drain(until=clock.real_now(), **how)


def test_tasks_of_each_schema_are_done_in_their_order_and_marked(institutions):
    for slug in ("alpha", "beta", "alpha"):
        with tenancy.open_institution(f"t_{slug}"):
            later.later("test.together", word=str(Outbox.objects.count()))
    assert _drain() == 3
    assert [schema for schema, _word in ran] == ["t_alpha", "t_alpha", "t_beta"]
    assert not Outbox.objects.filter(done_at=None).exists()
    assert _drain() == 0


@pytest.mark.parametrize(("word", "error", "done"), [("refused", "refused: refused", 3), ("broken", "RuntimeError", 2)])
def test_where_one_fails_all_are_done_one_by_one(public_db, word, error, done):
    for each in ("first", word, "last"):
        later.later("test.together", word=each)
    assert _drain() == done
    assert [row.error.partition(": the")[0] for row in Outbox.objects.order_by("pk")] == ["", error, ""]
    assert not Heartbeat.objects.filter(name="half-written").exists()
    assert ran.count(("public", "last")) == 1


@later.task("test.again", runs=later.Where.PLATFORM)
def _again(*, at):
    ran.append(("public", "again"))
    later.later("test.again", not_before=at)


def test_a_task_that_asks_for_itself_again_is_done_once(public_db):
    later.later("test.again", not_before=clock.real_now())
    assert _drain() == 1
    assert len(ran) == 1


def test_shares_do_all_that_waits_and_nothing_twice(public_db):
    for word in "abcdefgh":
        later.later("test.together", word=word)
    assert sum(_drain(share=(n, 2)) for n in range(2)) == 8
    assert sorted(word for _schema, word in ran) == list("abcdefgh")


def test_what_is_written_in_one_go_is_asked_for_and_sealed_like_all_else(public_db, institutions, at):
    organisation = Organisation.objects.get(institution__slug="alpha")
    with transaction.atomic(), draining.in_one_go():
        audit.note("test.one", organisation, by=access.SYSTEM, at=at)
        assert later.later("test.together", word="asked") == 0
        audit.note("test.two", organisation, by=access.SYSTEM, at=at)
        assert not AuditEntry.objects.filter(verb="test.one").exists()
    assert list(Outbox.objects.order_by("pk").values_list("task", flat=True)) == ["test.together", "kernel.seal"]
    _drain()
    assert AuditEntry.objects.filter(verb__startswith="test.", seal__isnull=False).count() == 2
    assert tasks.seal_audit(side="kernel", at=at) == 0


def test_an_answer_is_kept_within_the_work_and_not_beyond(public_db):
    asked = []

    @unchanging.asked_once
    def question(what):
        asked.append(what)
        return what.upper()

    with unchanging.unchanged():
        assert [question("a"), question("b"), question("a")] == ["A", "B", "A"]
    assert asked == ["a", "b"]
    assert [question("a"), question("a")] == ["A", "A"]
    assert asked == ["a", "b", "a", "a"]
