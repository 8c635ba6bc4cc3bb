"""Every form on something that several people change carries what it was made from; any other says why it need not."""

import importlib
import pkgutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.forms import BaseForm

from kernel.web.forms import RefusableForm, SharedForm

LINES: dict[str, dict[str, list[str]]] = tomllib.loads((Path(__file__).parent / "forms.toml").read_text())
FRAMES = {RefusableForm, SharedForm}


def _modules() -> Iterator[ModuleType]:
    """Yield every module of forms: the kernel's, and each app's `forms`, a file or a folder."""
    yield importlib.import_module("kernel.web.forms")
    for app in apps.get_app_configs():
        if app.name.partition(".")[0] not in ("shared", "tenants") or not _has_forms(app.module):
            continue
        package = importlib.import_module(f"{app.name}.forms")
        yield package
        for found in pkgutil.iter_modules(getattr(package, "__path__", [])):
            yield importlib.import_module(f"{package.__name__}.{found.name}")


def _has_forms(module: ModuleType | None) -> bool:
    return module is not None and any(found.name == "forms" for found in pkgutil.iter_modules(module.__path__))


def _forms() -> dict[str, type[BaseForm]]:
    """Return every form class of the product by its whole name."""
    return {
        f"{value.__module__}.{value.__name__}": value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseForm) and value.__module__ == module.__name__
    }


def test_a_form_carries_what_it_was_made_from_or_stands_in_the_list_with_its_reason() -> None:
    alone = [name for name, form in _forms().items() if not issubclass(form, SharedForm) and form not in FRAMES]
    listed = [f"{module}.{name}" for lines in LINES.values() for module, names in lines.items() for name in names]
    assert sorted(listed) == sorted(alone)


def test_the_reasons_are_five() -> None:
    assert set(LINES) == {"asks", "adds", "moves", "own", "counts"}


def test_the_search_finds_the_forms_of_folders_and_of_files() -> None:
    assert {"shared.registry.forms.applicants.SignForm", "tenants.courses.forms.EditClassForm"} <= _forms().keys()
