"""Crossings: rows of one app in the hands of another's code, counted while tests run (docs/border.md).

Every module of shared.* and tenants.* is compiled with two calls added, one at the head of each function and one around
each value that it returns or yields; and whoever reads an attribute of a row is looked at. A site is a function of one
app (or a template of it) that takes, hands over or reads a row of another's model; the kernel, the settings, infra and
tests stand on neither side.
"""

import ast
import builtins
import dataclasses
import importlib.machinery
import sys
import tomllib
import types
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.db.models import Model, QuerySet

ROOT = Path(__file__).resolve().parents[2]
NAMES = ROOT / "tests" / "architecture" / "border.toml"
"""Every site that remains, by its reason, and how many there may be."""
DEPTH = 3
"""How deep a value is searched for rows: a list of dataclasses that hold a row is as far as anybody goes."""

Site = tuple[str, str, str]
"""Where, what is done (passes, receives, reads, walks), to a row of which model."""

events: Counter[Site] = Counter()
_apps: dict[str, str] = {}
_templates: dict[str, str] = {}


def app_of(path: str) -> str:
    """Return the app of a file, as in an import line; nothing for the kernel, a library, a test."""
    try:
        return _apps[path]
    except KeyError:
        parts = Path(path).parts[len(ROOT.parts) :] if path.startswith(f"{ROOT}/") else ()
        parts = parts[1:] if parts[:1] == ("platform",) else parts
        inside = len(parts) > 2 and parts[0] in ("shared", "tenants") and parts[2:3] != ("migrations",)
        _apps[path] = ".".join(parts[:2]) if inside else ""
        return _apps[path]


def app_of_model(model: type[Model]) -> str:
    """Return the app that owns a model; nothing where a library does, or the kernel."""
    parts = model.__module__.split(".")
    return ".".join(parts[:2]) if parts[0] in ("shared", "tenants") else ""


def _site(frame: types.FrameType) -> str:
    code = frame.f_code
    module = Path(code.co_filename).relative_to(ROOT).with_suffix("").as_posix().removeprefix("platform/")
    name = code.co_qualname.partition(".<locals>")[0].replace(".<listcomp>", "").replace("<module>", "")
    return f"{module.removesuffix('/__init__').replace('/', '.')}:{name}"


def _caller(frame: types.FrameType | None) -> types.FrameType | None:
    """Return the nearest frame of an app."""
    while frame is not None and not app_of(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _models(value: object, depth: int = DEPTH) -> Iterator[type[Model]]:
    if isinstance(value, Model):
        yield type(value)
    elif isinstance(value, QuerySet):
        if value._fields is None:  # type: ignore[attr-defined]  # values() and values_list() hold no rows
            yield value.model
    elif not depth or isinstance(value, str | bytes | int | None):
        return
    elif isinstance(value, dict):
        for item in list(value.values())[:8]:
            yield from _models(item, depth - 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in list(value)[:8]:
            yield from _models(item, depth - 1)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _models(getattr(value, field.name, None), depth - 1)


def _note(where: str, kind: str, value: object) -> None:
    for model in set(_models(value)):
        if app_of_model(model):
            events[where, kind, model.__name__] += 1


def enter() -> None:
    """Note the rows that the function just entered was called with from another app."""
    frame = sys._getframe(1)
    caller = frame.f_back
    mine = app_of(frame.f_code.co_filename)
    if caller is None or app_of(caller.f_code.co_filename) == mine:
        return
    caller = _caller(caller)
    if caller is None or app_of(caller.f_code.co_filename) == mine:
        return
    for name, value in frame.f_locals.items():
        if name not in ("self", "cls"):
            _note(_site(caller), "passes", value)


def leave(value: Any) -> Any:
    """Note the rows that a function returns to another app."""
    frame = sys._getframe(1)
    caller = frame.f_back
    mine = app_of(frame.f_code.co_filename)
    if value is None or caller is None or app_of(caller.f_code.co_filename) == mine:
        return value
    caller = _caller(caller)
    if caller is not None and app_of(caller.f_code.co_filename) != mine:
        _note(_site(caller), "receives", value)
    return value


class _Added(ast.NodeTransformer):
    """Adds the two calls; a function stays what it is (a generator, a coroutine), which no wrapper can promise."""

    def _function(self, node: Any) -> Any:
        self.generic_visit(node)
        head = ast.Expr(ast.Call(ast.Name("__border_enter__", ast.Load()), [], []))
        at = int(ast.get_docstring(node, clean=False) is not None)
        node.body.insert(at, ast.copy_location(head, node.body[0]))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815  # the names that ast calls

    def _value(self, node: Any) -> Any:
        self.generic_visit(node)
        if node.value is not None:
            call = ast.Call(ast.Name("__border_leave__", ast.Load()), [node.value], [])
            node.value = ast.copy_location(call, node.value)
        return node

    visit_Return = visit_Yield = _value  # noqa: N815  # the names that ast calls


def compiled(source: str | bytes, path: str) -> types.CodeType:
    """Compile a module with the two calls added."""
    tree = ast.fix_missing_locations(_Added().visit(ast.parse(source, path)))
    return compile(tree, path, "exec", dont_inherit=True)


def _compile_with_calls() -> None:
    loader: Any = importlib.machinery.SourceFileLoader
    plain = loader.get_code

    def get_code(self: Any, fullname: str) -> Any:
        path = self.get_filename(fullname)
        if not app_of(path):
            return plain(self, fullname)
        return compiled(self.get_data(path), path)

    loader.get_code = get_code
    vars(builtins).update(__border_enter__=enter, __border_leave__=leave)


def _template(frame: types.FrameType | None) -> tuple[str, str]:
    """Return the app of the template that is rendered, and its name: the node says in which file it is written."""
    while frame is not None:
        if frame.f_code.co_name == "render_annotated":
            name = frame.f_locals["self"].origin.template_name or ""
            app = _templates.get(str(name).partition("/")[0], "")
            if app:
                return app, f"template:{name}"
        elif app := app_of(frame.f_code.co_filename):
            return app, _site(frame)
        frame = frame.f_back
    return "", ""


READERS = {
    ("django/template/base.py", "_resolve_lookup"),
    ("django_tables2/utils.py", "resolve"),
    ("rest_framework/fields.py", "get_attribute"),
}
"""Functions of libraries that read an attribute in the name of ours."""

_readers: dict[types.CodeType, bool] = {}


def _is_reader(code: types.CodeType) -> bool:
    return any(code.co_name == name and code.co_filename.endswith(f"/{end}") for end, name in READERS)


def read(self: Model, name: str) -> Any:
    """Read an attribute of a row, as Python does, and note who asks."""
    frame = sys._getframe(1)
    code = frame.f_code
    app, where = app_of(code.co_filename), ""
    if not app and code.co_name in ("_resolve_lookup", "resolve", "get_attribute") and _is_reader(code):
        app, where = _template(frame)
    if app and name[0] != "_":
        owner = app_of_model(type(self))
        if owner and owner != app:
            events[where or _site(frame), "reads", type(self).__name__] += 1
        elif owner:
            _note_walk(type(self), name, app, where or _site(frame))
    return object.__getattribute__(self, name)


_walks: dict[tuple[type[Model], str], type[Model] | None] = {}


def _note_walk(model: type[Model], name: str, app: str, where: str) -> None:
    """Note that an app goes from its own row to that of another along a foreign key."""
    key = (model, name)
    if key not in _walks:
        field = next((f for f in model._meta.get_fields() if f.name == name), None)
        _walks[key] = field.related_model if field is not None and field.is_relation else None  # type: ignore[assignment]
    target = _walks[key]
    if target is not None and app_of_model(target) not in ("", app):
        events[where, "walks", target.__name__] += 1


def begin() -> None:
    """Count from now on: before the first app is imported."""
    _compile_with_calls()
    setattr(Model, "__getattribute__", read)  # noqa: B010  # mypy allows no assignment


def faults(seen: Collection[Site], *, whole: bool) -> list[str]:
    """Return what is wrong with the committed list: a site not named, one that no longer happens, too many of them."""
    if not NAMES.exists():
        return []
    named = tomllib.loads(NAMES.read_text())
    sites = {line for rest in named["rest"] for line in rest["sites"]}
    lines = {" ".join(site) for site in seen}
    wrong = [f"not named: {line}" for line in sorted(lines - sites)]
    if whole:
        wrong += [f"no longer happens: {line}" for line in sorted(sites - lines)]
    if len(sites) > named["most"]:
        wrong.append(f"{len(sites)} sites are named, at most {named['most']} may be")
    return wrong


def name_templates() -> None:
    """Learn whose each folder of templates is."""
    from django.apps import apps  # when they are there

    for config in apps.get_app_configs():
        if config.name.startswith(("shared.", "tenants.")):
            _templates[config.label] = config.name
