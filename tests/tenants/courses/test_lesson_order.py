"""Lessons of a programme are put in another order, by buttons that a keyboard reaches and by machines."""

from typing import Any

import pytest

from kernel import audit
from kernel.access import Denied
from kernel.errors import Invalid, NotFound
from tenants.courses.models import Lesson, Programme
from tenants.courses.operations import lesson_order, programmes

UNKNOWN = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def programme(school: Any) -> Programme:
    """A programme of four lessons."""
    call: dict[str, Any] = {"by": school.registrar, "at": school.at}
    row = programmes.open_programme(position="SGY-TJ", title="演示", **call)
    for title in "甲乙丙丁":
        programmes.add_lesson(programme_id=row.pk, title=title, kind="onsite", seconds=600, **call)
    return row


def _order(programme: Programme) -> str:
    return "".join(programme.lessons.order_by("place").values_list("title", flat=True))


def _lesson(programme: Programme, title: str) -> Lesson:
    return programme.lessons.get(title=title)


@pytest.mark.parametrize(
    ("title", "place", "order"),
    [("丙", 1, "丙甲乙丁"), ("甲", 3, "乙丙甲丁"), ("乙", 1, "乙甲丙丁"), ("丁", 4, "甲乙丙丁")],
)
def test_a_lesson_is_put_at_a_place_and_the_others_close_up(
    school: Any, programme: Programme, title: str, place: int, order: str
) -> None:
    lesson_order.place_lesson(lesson_id=_lesson(programme, title).pk, place=place, by=school.registrar, at=school.at)
    assert _order(programme) == order
    assert list(programme.lessons.order_by("place").values_list("place", flat=True)) == [1, 2, 3, 4]


def test_the_life_of_a_lesson_says_from_where_to_where_it_was_put_once(school: Any, programme: Programme) -> None:
    lesson = _lesson(programme, "丁")
    for _n in range(2):
        lesson_order.place_lesson(lesson_id=lesson.pk, place=2, by=school.registrar, at=school.at)
    notes = [note for note in audit.history(lesson) if note.verb == "lesson.place"]
    assert [(note.before["place"], note.after["place"]) for note in notes] == [(4, 2)]


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_place_that_the_programme_has_not_changes_nothing(school: Any, programme: Programme, place: int) -> None:
    with pytest.raises(Invalid):
        lesson_order.place_lesson(lesson_id=_lesson(programme, "甲").pk, place=place, by=school.registrar, at=school.at)
    assert _order(programme) == "甲乙丙丁"


def test_who_does_not_work_at_the_desk_puts_nothing_elsewhere(school: Any, programme: Programme) -> None:
    with pytest.raises(Denied):
        lesson_order.place_lesson(lesson_id=_lesson(programme, "乙").pk, place=1, by=school.teacher, at=school.at)
    assert _order(programme) == "甲乙丙丁"


def test_an_older_page_s_button_moves_nothing_and_says_so(school: Any, programme: Programme) -> None:
    lesson = _lesson(programme, "丙")
    lesson_order.place_lesson(lesson_id=lesson.pk, place=1, by=school.registrar, at=school.at)
    with pytest.raises(lesson_order.MovedMeanwhile):
        lesson_order.place_lesson(lesson_id=lesson.pk, place=2, seen=3, by=school.registrar, at=school.at)
    assert _order(programme) == "丙甲乙丁"


def test_an_unknown_lesson_has_no_place(school: Any, programme: Programme) -> None:
    with pytest.raises(NotFound):
        lesson_order.place_lesson(lesson_id=UNKNOWN, place=1, by=school.registrar, at=school.at)


def test_the_page_moves_a_lesson_by_named_buttons_but_not_past_the_ends(
    school: Any, programme: Programme, acting: Any
) -> None:
    client = acting(school.registrar)
    page = client.get(f"/staff/programmes/{programme.pk}/").content.decode()
    assert [page.count(f"上移: {title}") for title in "甲乙丙丁"] == [0, 1, 1, 1]
    assert [page.count(f"下移: {title}") for title in "甲乙丙丁"] == [1, 1, 1, 0]
    lesson = _lesson(programme, "丙")
    answer = client.post(f"/staff/lessons/{lesson.pk}/place/", {"place": "2", "seen": "3"})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/staff/programmes/{programme.pk}/?moved=2#lesson-{lesson.pk}",
    )
    assert _order(programme) == "甲丙乙丁"
    page = client.get(answer["Location"].partition("#")[0]).content.decode()
    assert f'<li id="lesson-{lesson.pk}" tabindex="-1" data-nx-focus>' in page  # a keyboard goes on from there
    assert page.count("data-nx-focus") == 1
    assert client.post(f"/staff/lessons/{lesson.pk}/place/", {"place": "3", "seen": "3"}).status_code == 409
    assert client.post(f"/staff/lessons/{lesson.pk}/place/", {"place": "x"}).status_code == 422
    assert _order(programme) == "甲丙乙丁"


def test_a_machine_reads_the_place_and_sets_it(school: Any, programme: Programme, acting: Any) -> None:
    client, lesson = acting(school.registrar), _lesson(programme, "丁")
    path = f"/api/v1/lessons/{lesson.pk}/place/"
    read = client.get(path)
    assert read.json() == {"place": 4}
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": read["ETag"]}}
    assert client.put(path, {"place": 1}, **sent).json() == {"place": 1}
    assert _order(programme) == "丁甲乙丙"
    assert client.put(path, {"place": 3}, **sent).status_code == 412
    assert client.put(path, {"place": 9}, content_type="application/json").json()["code"] == "no-such-place"
    assert acting(school.teacher).put(path, {"place": 2}, content_type="application/json").status_code == 403
    assert _order(programme) == "丁甲乙丙"
