"""A queue takes from a schema only the tasks registered for it, and what was asked for there runs nowhere else."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from kernel import access, later, task_rights, tenancy
from kernel.later import Priority, Where
from kernel.models import Outbox
from shared.records import operations as records
from shared.records.models import File

ALPHA, BETA = "t_alpha", "t_beta"
PRODUCT = {name: one for name, one in later.tasks.items() if not one.run.__module__.startswith(("test", "isolation"))}
OWN = sorted(name for name, one in PRODUCT.items() if Where.INSTITUTION in one.runs & one.asked_by)
FOREIGN = sorted(set(PRODUCT) - set(OWN))


def _plant(schema: str, task: str, **values: Any) -> None:
    with transaction.atomic():
        Outbox(schema=schema, task=task, **values).save(force_insert=True)


def test_the_platforms_own_work_is_no_institutions_to_ask_for() -> None:
    assert {"exchange.push", "hosting.build_schema", "privacy.collect", "rosters.take_arrival"} <= set(FOREIGN)
    assert {"attempts.finish_overdue", "billing.send_refund", "kernel.seal", "notices.deliver"} <= set(OWN)


@pytest.mark.parametrize("task", [*FOREIGN, "nobody.knows"])
def test_an_institution_asks_for_no_foreign_task(alpha: Any, task: str) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        _plant(ALPHA, task)
    with tenancy.open_public():
        assert not Outbox.objects.filter(task=task).exists()


@pytest.mark.parametrize("task", OWN)
def test_an_institution_asks_for_its_own_tasks_in_its_own_schema_alone(alpha: Any, task: str) -> None:
    _plant(ALPHA, task)
    for schema in (BETA, "public"):
        with pytest.raises(ProgrammingError, match="row-level security"):
            _plant(schema, task)
    assert list(Outbox.objects.filter(task=task).values_list("schema", flat=True)) == [ALPHA]


def test_an_institution_cannot_move_what_it_asked_for_into_another_schema(alpha: Any) -> None:
    _plant(ALPHA, "notices.deliver")
    for change in ({"schema": BETA}, {"task": "exchange.push"}, {"kwargs": {}}, {"not_before": None}, {"priority": 0}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Outbox.objects.filter(schema=ALPHA).update(**change)


def test_an_institution_makes_nothing_urgent_that_is_not_by_its_nature(alpha: Any) -> None:
    _plant(ALPHA, "attempts.finish_overdue", priority=Priority.URGENT)
    with pytest.raises(ProgrammingError, match="row-level security"):
        _plant(ALPHA, "notices.deliver", priority=Priority.URGENT)


def test_the_platform_asks_for_each_task_where_it_runs(institutions: Any) -> None:
    for name, one in later.tasks.items():
        for schema in ("public", ALPHA):
            if one.runs_in(schema):
                _plant(schema, name)
            else:
                with pytest.raises(ProgrammingError, match="row-level security"):
                    _plant(schema, name)


@pytest.mark.parametrize(
    ("schema", "task"), [(ALPHA, "exchange.push"), ("public", "billing.send_refund"), (ALPHA, "x.y")]
)
def test_a_planted_task_is_not_run_and_an_operator_sees_it(institutions: Any, schema: str, task: str) -> None:
    with tenancy.as_owner():  # past the database's own refusal
        row = Outbox.objects.create(schema=schema, task=task, kwargs={"message_id": "0"})
    assert later.deliver(row.pk) is False
    row.refresh_from_db()
    assert (row.done_at, row.waits_for) == (None, "operator")
    assert row.error == f"NotRegistered: {task} is no task of {schema}"


def test_the_conditions_name_every_registered_task_and_no_other() -> None:
    assert all(f"'{name}'" in task_rights.of_the_platform() for name in later.tasks)
    assert all(f"'{name}'" in task_rights.of_institutions() for name in OWN)
    assert not any(f"'{name}'" in task_rights.of_institutions() for name in FOREIGN)


def test_an_institution_has_no_file_of_another_removed(institutions: Any, at: datetime) -> None:
    with tenancy.open_institution(BETA):
        theirs = records.store_file(content=b"%PDF-1.4 theirs", name="a.pdf", by=access.SYSTEM, at=at)
    for path in (theirs.path, f"./{theirs.path}", f"{ALPHA}/../{theirs.path}"):
        with tenancy.open_institution(ALPHA):
            if path != theirs.path:  # no row of its own leads there
                facts = {"sha256": "0" * 64, "size": 1, "kind": "application/pdf", "owner_schema": ALPHA}
                with pytest.raises(IntegrityError), transaction.atomic():
                    File.objects.create(path=path, name="", retention=records.ERASED, stored_at=at, **facts)
            number = later.later("records.remove_content", path=path)
        assert later.deliver(number) is True
        assert Outbox.objects.get(pk=number).error == "refused: not-found"
        assert storages["default"].exists(theirs.path)


def test_an_erased_file_leaves_its_store(institutions: Any, at: datetime) -> None:
    with tenancy.open_institution(ALPHA):
        own = records.store_file(content=b"%PDF-1.4 ours", name="a.pdf", by=access.SYSTEM, at=at)
        records.erase_file(file_id=own.id, by=access.SYSTEM, at=at, why="the term is over")
    assert storages["default"].exists(own.path)
    later.drain()
    assert not storages["default"].exists(own.path)
