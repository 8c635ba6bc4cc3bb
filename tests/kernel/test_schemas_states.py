"""A constraint or an index is noted without rendering models, and a later change of a field still knows of it."""

from typing import Any

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState, StateApps

from kernel.db.schemas.states import options_without_rendering


@pytest.fixture
def state() -> ProjectState:
    made = ProjectState()
    made.add_model(
        ModelState("x", "Room", [("id", models.AutoField(primary_key=True)), ("seats", models.IntegerField())])
    )
    return made


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rendered: list[int] = []
    real = StateApps.render_multiple

    def render(self: StateApps, states: Any) -> None:
        rendered.append(len(states))
        real(self, states)

    monkeypatch.setattr(StateApps, "render_multiple", render)
    return rendered


def test_a_constraint_and_an_index_render_nothing_and_stand_at_the_rendered_model(
    state: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state.apps.get_model("x", "Room")
    rendered = _counted(monkeypatch)
    seats = models.CheckConstraint(condition=models.Q(seats__gt=0), name="x_seats")
    by_seats = models.Index(fields=["seats"], name="x_by_seats")
    with options_without_rendering():
        state.add_constraint("x", "room", seats)
        state.add_index("x", "room", by_seats)
    assert rendered == []
    model = state.apps.get_model("x", "Room")
    assert model is before
    assert (model._meta.constraints, model._meta.indexes) == ([seats], [by_seats])
    options = state.models["x", "room"].options
    assert (options["constraints"], options["indexes"]) == ([seats], [by_seats])


def test_a_field_changed_afterwards_is_rendered_with_them(state: ProjectState) -> None:
    seats = models.CheckConstraint(condition=models.Q(seats__gt=0), name="x_seats")
    assert state.apps.get_model("x", "Room")._meta.constraints == []
    with options_without_rendering():
        state.add_constraint("x", "room", seats)
    state.alter_field("x", "room", "seats", models.BigIntegerField(), preserve_default=True)
    assert [one.name for one in state.apps.get_model("x", "Room")._meta.constraints] == ["x_seats"]


def test_outside_django_does_as_ever(state: ProjectState, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state.apps.get_model("x", "Room")
    rendered = _counted(monkeypatch)
    state.add_index("x", "room", models.Index(fields=["seats"], name="x_by_seats"))
    assert (rendered, state.apps.get_model("x", "Room") is before) == ([1], False)
