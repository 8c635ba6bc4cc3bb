"""The structure that no linter can see."""

import ast
import platform as stdlib_platform
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from kernel import hooks, later, states
from kernel.fields import BlindIndexField, EncryptedTextField, SharedForeignKey
from kernel.management.commands import draw_hooks

ROOT = Path(__file__).resolve().parents[2]
OURS = [ROOT / "platform", ROOT / "tenants", ROOT / "infra"]
SOURCES = sorted(p for base in OURS for p in base.rglob("*.py") if "/migrations/" not in str(p))
TOP_LEVEL = {"platform", "tenants", "frontend", "infra", "tests", "docs", "locale"}


def _folders(base: Path) -> set[str]:
    return {p.name for p in base.iterdir() if p.is_dir() and (p / "__init__.py").exists()}


def test_platform_is_a_source_root_and_never_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not str(stdlib_platform.__file__).startswith(str(ROOT))
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_python_started_in_the_root_still_finds_its_own_platform_module() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.strip()) == (0, stdlib_platform.system())


def test_the_app_lists_are_the_folders_and_share_nothing() -> None:
    shared = {app.removeprefix("shared.") for app in settings.SHARED_APPS if app.startswith("shared.")}
    tenants = {app.removeprefix("tenants.") for app in settings.TENANT_APPS}
    assert shared == _folders(ROOT / "platform" / "shared")
    assert tenants == _folders(ROOT / "tenants")
    assert set(settings.SHARED_APPS).isdisjoint(settings.TENANT_APPS)


def _side(model: type[models.Model]) -> str:
    return model.__module__.split(".")[0]


def _own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if _side(m) in ("kernel", "shared", "tenants")]


def test_no_shared_row_points_at_an_institutions_row_and_back_only_by_the_shared_key() -> None:
    wrong = []
    for model in _own_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
                continue
            if _side(model) == "shared" and _side(target) == "tenants":
                wrong.append(str(field))
            if _side(model) == "tenants" and _side(target) != "tenants" and not isinstance(field, SharedForeignKey):
                wrong.append(str(field))
    assert wrong == []


def test_every_personal_field_declares_purpose_basis_retention_and_mask() -> None:
    undeclared = []
    for model in _own_models():
        for field in model._meta.get_fields():
            if isinstance(field, EncryptedTextField) and field.personal is None:
                undeclared.append(str(field))
            declared = getattr(field, "personal", None)
            if declared is not None and not all([declared.purpose, declared.basis, declared.retention, declared.mask]):
                undeclared.append(str(field))
    assert undeclared == []


PERSONAL_NAMES = {"name_of_person", "mobile", "id_number", "email", "legal_rep", "contact", "born", "sex", "photo"}


def test_a_field_with_the_name_of_a_personal_thing_is_declared() -> None:
    undeclared = [
        str(field)
        for model in _own_models()
        for field in model._meta.get_fields()
        if field.name in PERSONAL_NAMES
        and not isinstance(field, BlindIndexField)
        and getattr(field, "personal", None) is None
    ]
    assert undeclared == []


@pytest.mark.parametrize("name", sorted(states.charts))
def test_a_chart_is_the_databases_constraint_too(name: str) -> None:
    chart = states.charts[name]
    states_of_chart = set(chart.states.values)
    constraints = [
        set(c.condition.children[0][1])
        for m in _own_models()
        for c in m._meta.constraints
        if isinstance(c, models.CheckConstraint)
        and isinstance(c.condition, models.Q)
        and [child[0] for child in c.condition.children if isinstance(child, tuple)] == [f"{chart.field}__in"]
        and len(c.condition.children) == 1
    ]
    assert states_of_chart in constraints


def test_the_drawings_of_the_charts_are_up_to_date() -> None:
    call_command("draw_states", check=True, folder=str(ROOT / "docs" / "states"), verbosity=0)


def test_the_page_on_hooks_is_up_to_date_and_every_hook_has_an_answer() -> None:
    assert (ROOT / "docs" / "hooks.md").read_text() == draw_hooks.page(), "run manage.py draw_hooks"
    assert [name for name, hook in hooks.hooks.items() if not hook.connected] == []


def test_migrations_are_up_to_date_and_named(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0, interactive=False)
    unnamed = [p.name for base in OURS for p in base.rglob("migrations/*.py") if "_auto_" in p.name]
    assert unnamed == []


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) == name
    ]


def test_every_task_asked_for_is_registered() -> None:
    task_names = {
        call.args[place].value
        for source in SOURCES
        for name, place in (("later", 0), ("for_each_institution", 0), ("later_in", 1))
        for call in _calls(ast.parse(source.read_text()), name)
        if len(call.args) > place and isinstance(call.args[place], ast.Constant)
    }
    assert task_names - set(later.tasks) == set()


FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "misc"}


def test_no_room_is_called_for_nothing() -> None:
    assert [p for p in SOURCES if p.stem in FORBIDDEN_NAMES or set(p.parts) & FORBIDDEN_NAMES] == []


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npm" + "js.org", "deb.debian" + ".org"]
    places = ["/wo" + "rk/", "/ro" + "ot/", "/tmp/" + "epg"]
    wrong = []
    for name in filter(None, listed):
        path = ROOT / name
        if not path.is_file() or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(errors="ignore")
        wrong += [f"{name}: {word}" for word in [*hosts, *places] if word in text]
    assert wrong == []
