"""Migrations with less of Django's bookkeeping: what changes no field renders no model again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def options_without_rendering() -> Iterator[None]:
    """Note a constraint or an index in the state and at the rendered model itself.

    Django renders the model and all that are related again for each (25 ms, of 160 that a new database gets), though
    neither changes a field.
    """
    original = ProjectState._append_option  # type: ignore[attr-defined]  # the stubs leave it out

    def note(self: ProjectState, app_label: str, model_name: str, option_name: str, value: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], value]
        if "apps" in self.__dict__:  # to ask for it would render them all
            meta = self.apps.get_model(app_label, model_name)._meta
            setattr(meta, option_name, [*getattr(meta, option_name), value])

    ProjectState._append_option = note  # type: ignore[attr-defined]  # as above
    try:
        yield
    finally:
        ProjectState._append_option = original  # type: ignore[attr-defined]  # as above
