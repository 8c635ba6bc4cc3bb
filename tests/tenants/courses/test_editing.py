"""What was entered wrongly is put right, as long as nobody relies on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import audit
from kernel.access import Denied
from kernel.errors import Invalid
from support.shared_forms import made_from
from tenants.courses.models import Lesson, Programme, TrainingClass
from tenants.courses.operations import classes, editing, hours, programmes
from tenants.courses.queries import catalogue


def _edit_class(school: Any, row: TrainingClass, by: Any = None, **changed: Any) -> TrainingClass:
    names = ("name", "starts_on", "ends_on", "capacity", "place", "teacher", "teacher_name")
    values = {name: getattr(row, name) for name in names} | changed
    return editing.edit_class(class_id=row.pk, **values, by=by or school.registrar, at=school.at)


def _edit_lesson(school: Any, row: Lesson, by: Any = None, **changed: Any) -> Lesson:
    values = {name: getattr(row, name) for name in ("title", "kind", "body", "media")}
    values |= {"minutes": row.seconds // 60} | changed
    return editing.edit_lesson(lesson_id=row.pk, **values, by=by or school.registrar, at=school.at)


def _learnt(school: Any) -> TrainingClass:
    """Return a class in which somebody sits and has an hour."""
    row: TrainingClass = school.open_class()
    school.paid(row.pk, school.person())
    hours.attend(
        class_id=row.pk,
        participant_ids=[row.participants.get().pk],
        day=school.day,
        class_hours=1,
        why="签到表",
        by=school.teacher,
        at=school.at,
    )
    row.refresh_from_db()
    return row


def test_a_planned_class_changes_in_everything_and_its_life_says_what_was_there_before(school: Any) -> None:
    row = school.training_class()
    day = row.ends_on + timedelta(days=1)
    _edit_class(school, row, name="新名称", ends_on=day, capacity=7, place="二楼")
    row.refresh_from_db()
    assert (row.name, row.ends_on, row.capacity, row.place) == ("新名称", day, 7, "二楼")
    note, count = audit.history(row)[-1], len(audit.history(row))
    assert note.verb == "training_class.edit"
    assert note.after["capacity"] == 7
    _edit_class(school, row)
    assert len(audit.history(row)) == count  # nothing changed, nothing noted


@pytest.mark.parametrize("field", ["starts_on", "ends_on"])
def test_the_days_of_a_class_stay_once_somebody_holds_a_seat(school: Any, field: str) -> None:
    row = school.open_class()
    school.paid(row.pk, school.person())
    row.refresh_from_db()
    with pytest.raises(editing.FieldFixed):
        _edit_class(school, row, **{field: row.ends_on + timedelta(days=1)})
    edited = _edit_class(school, row, place="三楼", capacity=row.capacity + 1)
    assert (edited.place, edited.ends_on) == ("三楼", row.ends_on)


def test_a_class_has_no_fewer_seats_than_are_held(school: Any) -> None:
    row = school.open_class()
    for n in (1, 2):
        school.paid(row.pk, school.person("演示乙", serial=n))
    row.refresh_from_db()
    with pytest.raises(editing.SeatsHeld):
        _edit_class(school, row, capacity=1)
    assert _edit_class(school, row, capacity=2).capacity == 2


def test_nothing_of_a_closed_class_changes(school: Any) -> None:
    row = _learnt(school)
    classes.start_class(class_id=row.pk, by=school.registrar, at=school.at)
    row.refresh_from_db()
    with pytest.raises(editing.FieldFixed):
        _edit_class(school, row, capacity=row.capacity + 1)
    assert _edit_class(school, row, teacher=None, teacher_name="").teacher is None
    classes.close_class(class_id=row.pk, by=school.registrar, at=school.at)
    row.refresh_from_db()
    with pytest.raises(editing.FieldFixed):
        _edit_class(school, row, name="别名")


@pytest.mark.parametrize(
    ("changed", "refusal"), [({"ends_on": -1}, classes.InvalidClassDates), ({"capacity": 0}, Invalid)]
)
def test_an_edited_class_is_as_possible_as_a_new_one(school: Any, changed: dict[str, int], refusal: Any) -> None:
    row = school.training_class()
    values = {k: row.starts_on + timedelta(days=v) if k == "ends_on" else v for k, v in changed.items()}
    with pytest.raises(refusal):
        _edit_class(school, row, **values)
    assert TrainingClass.objects.get().ends_on == row.ends_on


def test_the_hours_of_a_programme_stay_once_a_class_has_them_and_are_never_fewer_than_the_policy_s(school: Any) -> None:
    call: dict[str, Any] = {"by": school.registrar, "at": school.at}
    row = programmes.open_programme(position="SGY-TJ", title="演示", **call)
    with pytest.raises(programmes.TooFewHours):
        editing.edit_programme(programme_id=row.pk, title="演示", class_hours=39, **call)
    editing.edit_programme(programme_id=row.pk, title="施工员课程", class_hours=44, **call)
    used = school.training_class().programme
    with pytest.raises(editing.FieldFixed):
        editing.edit_programme(programme_id=used.pk, title="x", class_hours=used.class_hours + 1, **call)
    editing.edit_programme(programme_id=used.pk, title="改名", class_hours=used.class_hours, **call)
    assert set(Programme.objects.values_list("title", "class_hours")) == {
        ("施工员课程", 44),
        ("改名", used.class_hours),
    }


def test_a_lesson_changes_until_hours_were_credited_and_its_words_afterwards_too(school: Any) -> None:
    lesson = school.training_class().programme.lessons.first()
    edited = _edit_lesson(school, lesson, title="安全", minutes=2, kind="onsite", body="")
    assert (edited.title, edited.seconds, edited.kind) == ("安全", 120, "onsite")
    with pytest.raises(Invalid):
        _edit_lesson(school, edited, kind="document", body="")
    learnt = _learnt(school).programme.lessons.first()
    assert learnt is not None
    for changed in ({"minutes": learnt.seconds // 60 + 1}, {"kind": "onsite"}):
        with pytest.raises(programmes.ProgrammeInUse):
            _edit_lesson(school, learnt, **changed)
    assert _edit_lesson(school, learnt, body="更正后的文字").body == "更正后的文字"


def test_who_does_not_work_at_the_desk_changes_nothing(school: Any) -> None:
    row = school.training_class()
    with pytest.raises(Denied):
        _edit_class(school, row, by=school.teacher, name="x")
    with pytest.raises(Denied):
        _edit_lesson(school, row.programme.lessons.first(), by=school.teacher, title="x")
    with pytest.raises(Denied):
        editing.edit_programme(
            programme_id=row.programme_id, title="x", class_hours=40, by=school.teacher, at=school.at
        )


def test_the_pages_change_what_may_change_and_do_not_read_the_rest(school: Any, acting: Any) -> None:
    client = acting(school.registrar)
    row = _learnt(school)
    form = {
        "name": "改",
        "starts_on": "2030-01-01",
        "ends_on": "2030-02-01",
        "capacity": "9",
        "place": "",
        "teacher": "",
    }
    assert client.get(f"/staff/classes/{row.pk}/editing/").status_code == 200
    path = f"/staff/classes/{row.pk}/editing/"
    assert client.post(path, form | made_from(client, path)).status_code == 302
    changed = catalogue.class_for(row.pk, by=school.registrar)
    assert (changed.name, changed.capacity, changed.starts_on) == ("改", 9, row.starts_on)
    lesson = row.programme.lessons.first()
    assert lesson is not None
    path = f"/staff/lessons/{lesson.pk}/editing/"
    video = SimpleUploadedFile("a.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 100)
    entered = {"title": "新", "kind": "onsite", "minutes": "1", "body": "词", "video": video}
    assert client.post(path, entered | made_from(client, path)).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.title, lesson.body, lesson.kind, lesson.media) == ("新", "词", "document", None)
    path = f"/staff/programmes/{row.programme_id}/editing/"
    assert client.post(path, {"title": "新课程", "class_hours": "900"} | made_from(client, path)).status_code == 302
    assert Programme.objects.filter(title="新课程", class_hours=row.class_hours).exists()
    assert path in client.get(f"/staff/programmes/{row.programme_id}/").content.decode()


def test_a_lesson_of_a_minute_and_a_half_keeps_its_length_when_its_title_changes(school: Any) -> None:
    lesson = school.training_class().programme.lessons.first()
    Lesson.objects.filter(pk=lesson.pk).update(seconds=90)
    lesson.refresh_from_db()
    assert _edit_lesson(school, lesson, title="安全").seconds == 90


PAGES = {
    "programme": ("/staff/programmes/{programme}/editing/", ("title", "甲", "乙"), None),
    "lesson": ("/staff/lessons/{lesson}/editing/", ("title", "甲", "乙"), ("body", "另一段正文")),
    "class": ("/staff/classes/{class}/editing/", ("place", "甲楼", "乙楼"), ("name", "改名班")),
}
MODELS: dict[str, Any] = {"programme": Programme, "lesson": Lesson, "class": TrainingClass}


@pytest.mark.parametrize("what", PAGES)
def test_of_two_clerks_on_one_page_neither_overwrites_the_other(school: Any, acting: Any, what: str) -> None:
    pattern, (field, mine, theirs), unrelated = PAGES[what]
    row = school.training_class()
    keys = {"programme": row.programme_id, "lesson": row.programme.lessons.earliest("place").pk, "class": row.pk}
    path, stored = pattern.format(**keys), MODELS[what].objects.filter(pk=keys[what]).values_list(field, flat=True)
    client = acting(school.registrar)
    form = client.get(path).context["form"]
    page = {name: value for name in form.fields if (value := form[name].value()) is not None and name != "teacher"}
    assert client.post(path, page | {field: theirs}).status_code == 302
    answer = client.post(path, page | {field: mine})
    assert (answer.status_code, stored.get()) == (422, theirs)
    shown = answer.context["form"]
    assert (theirs in str(shown.errors[field]), shown[field].value()) == (True, mine)
    assert client.post(path, page | {field: mine, "made_from": shown["made_from"].value()}).status_code == 302
    assert stored.get() == mine
    if unrelated:  # who left this alone on an older page changes what they changed, and nothing else
        assert client.post(path, page | dict([unrelated])).status_code == 302
        assert stored.get() == mine
        assert MODELS[what].objects.filter(**dict([unrelated])).exists()
