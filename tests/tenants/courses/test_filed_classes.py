"""Classes are filed with the platform by the act that opens, changes or moves them on; free places follow the seats."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from kernel import rollups, tenancy
from kernel.errors import Refusal
from kernel.states import WrongState
from shared.filings.models import ClassPlaces, ClassVersion, FiledClass
from support import tampering
from tenants.billing.operations import orders
from tenants.courses.operations import classes, editing

FACTS = (
    "name", "position", "programme", "class_hours", "division_code", "place", "starts_on", "ends_on", "enrols_until",
    "seats", "state",
)  # fmt: skip


def _edit(school: Any, row: Any, **changed: Any) -> None:
    names = ("name", "starts_on", "ends_on", "capacity", "place", "teacher", "teacher_name")
    facts = {name: getattr(row, name) for name in names} | changed
    editing.edit_class(class_id=row.pk, by=school.registrar, at=school.at, **facts)


def _versions(*names: str) -> list[tuple[Any, ...]]:
    return list(ClassVersion.objects.order_by("fact_id", "version").values_list("version", *names))


def _free() -> int:
    return ClassPlaces.objects.get().free


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_class_is_filed_by_its_opening_and_not_before(school: Any) -> None:
    row = school.training_class(capacity=20)
    _edit(school, row, name="演示二班")
    assert not ClassVersion.objects.exists()
    opened = school.open_class(capacity=25)
    filed = FiledClass.objects.values("id", "institution_id", "version", "received_at", *FACTS).get()
    assert filed == {
        "id": opened.pk,
        "institution_id": school.institution.pk,
        "version": 1,
        "received_at": school.at,
        "name": "演示一班",
        "position": "SGY-TJ",
        "programme": "演示培训",
        "class_hours": opened.class_hours,
        "division_code": school.institution.organisation.division_code,
        "place": "",
        "starts_on": opened.starts_on,
        "ends_on": opened.ends_on,
        "enrols_until": opened.ends_on,
        "seats": 25,
        "state": "open",
    }
    assert _free() == 25


def test_what_is_changed_is_its_next_version_and_what_is_not_is_none(school: Any) -> None:
    row = school.open_class()
    _edit(school, row, place="二楼")
    row.refresh_from_db()
    _edit(school, row)
    assert _versions("place") == [(1, ""), (2, "二楼")]


def test_a_class_is_filed_as_it_starts_and_closes(school: Any) -> None:
    row = school.open_class()
    classes.start_class(class_id=row.pk, by=school.registrar, at=school.at)
    classes.close_class(class_id=row.pk, by=school.registrar, at=school.at)
    assert _versions("state") == [(1, "open"), (2, "running"), (3, "closed")]


def test_a_refused_act_files_nothing(school: Any) -> None:
    row = school.open_class()
    school.ordered(row.pk, school.person())
    row.refresh_from_db()
    with pytest.raises(WrongState):
        classes.close_class(class_id=row.pk, by=school.registrar, at=school.at)
    with pytest.raises(Refusal):
        _edit(school, row, capacity=0)
    assert _versions("state", "seats") == [(1, "open", 30)]
    assert _free() == 29


def test_another_name_of_the_programme_is_filed_for_its_classes_that_are_not_over(school: Any) -> None:
    over = school.open_class()
    going_on = _second_class(school, over)
    for move in (classes.start_class, classes.close_class):
        move(class_id=over.pk, by=school.registrar, at=school.at)
    editing.edit_programme(
        programme_id=over.programme_id, title="新名称", class_hours=over.class_hours, by=school.registrar, at=school.at
    )
    assert dict(FiledClass.objects.values_list("pk", "programme")) == {over.pk: "演示培训", going_on.pk: "新名称"}


def _second_class(school: Any, first: Any) -> Any:
    row = classes.plan_class(
        programme_id=first.programme_id, name="演示二班", starts_on=first.starts_on, ends_on=first.ends_on, capacity=30,
        by=school.registrar, at=school.at,
    )  # fmt: skip
    classes.open_class(class_id=row.pk, by=school.registrar, at=school.at)
    return row


def test_free_places_follow_the_seats_and_the_capacity(school: Any) -> None:
    row = school.open_class(capacity=3)
    enrolment, _order = school.ordered(row.pk, school.person())
    assert _free() == 2
    row.refresh_from_db()
    _edit(school, row, capacity=10)
    assert _free() == 9
    orders.withdraw(enrolment_id=enrolment.pk, why="工作调动，改期再报", by=school.registrar, at=school.at)
    assert _free() == 10


def test_a_class_that_is_full_refuses_and_its_figure_stands(school: Any) -> None:
    row = school.open_class(capacity=1)
    school.ordered(row.pk, school.person())
    with pytest.raises(Refusal, match="名额"):
        school.ordered(row.pk, school.person("演示乙"))
    assert _free() == 0


def test_no_role_that_serves_writes_the_figure(school: Any) -> None:
    school.open_class()
    for opened in (tenancy.open_public, lambda: tenancy.open_institution(school.institution)):
        for statement in ("UPDATE public.filings_classplaces SET free = 99", "DELETE FROM public.filings_classplaces"):
            with opened(), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                _execute(statement)
    assert _free() == 30


def test_a_figure_that_differs_from_the_seats_is_named_and_written_again(school: Any) -> None:
    row = school.open_class()
    with tenancy.as_owner():
        _execute("UPDATE public.filings_classplaces SET free = 7")
    assert rollups.differing("t_alpha") == [f"courses_places: class {row.pk}: 7 places free, should be 30"]
    assert _free() == 7
    rollups.differing("t_alpha", mend=True)
    assert (_free(), rollups.differing("t_alpha")) == (30, [])


def test_a_copy_of_an_institutions_data_changes_no_figure(school: Any, other_school: Any) -> None:
    row = school.open_class()
    with tenancy.as_owner():  # as if the class stood in a schema in which its institution does not work
        ClassPlaces.objects.update(institution=other_school.institution)
        type(row).objects.filter(pk=row.pk).update(seats_taken=5)
        assert _free() == 30
    assert rollups.differing("t_alpha") != []


def test_classes_of_before_are_filed_as_they_stand(school: Any) -> None:
    """The migration itself, run on a schema in which classes were opened before."""
    school.training_class()
    opened = school.open_class(capacity=12)
    school.ordered(opened.pk, school.person())
    facts = FiledClass.objects.values("id", "institution_id", "version", *FACTS).get()
    migration: Any = import_module("tenants.courses.migrations.0007_filed_classes")
    with tenancy.as_owner(), tampering.past_triggers():
        ClassPlaces.objects.all().delete()
        ClassVersion.objects.all().delete()
    with tenancy.as_owner():
        _execute(migration.BACKWARD)
        _execute(migration.FORWARD)
    assert FiledClass.objects.values("id", "institution_id", "version", *FACTS).get() == facts
    assert _free() == 11
    classes.start_class(class_id=opened.pk, by=school.registrar, at=school.at + timedelta(days=1))
    assert _versions("state") == [(1, "open"), (2, "running")]
