"""Problems of a file: each with its line, its key and its cause, all of them at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from .lines import Path
from .shapes.base import Misfit, Shape, shapes_in, suggestion

_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file."""

    line: int | None
    key: str
    what: str

    def __str__(self) -> str:
        """Return it as one line of text."""
        where = f"line {self.line}, " if self.line else ""
        return f"{where}{self.key}: {self.what}" if self.key else f"{where}{self.what}"


class PackFileError(ValueError):
    """The file is not what it should be; `problems` say all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems, first line first, each once."""
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.line or 0, p.key)))
        super().__init__("\n".join(map(str, self.problems)))


def problem_at(body: Any, path: Path, what: str, lines: Mapping[Path, int] | None) -> Problem:
    """Return a problem at a path of the body, at the line of the nearest table or key that has one."""
    line_numbers = lines or {}
    line = next((line_numbers[path[:n]] for n in range(len(path), 0, -1) if path[:n] in line_numbers), None)
    return Problem(line, dotted(body, path), what)


def problems_of(
    fault: ValidationError, shape: type[Shape], values: Any, body: Any, lines: Mapping[Path, int] | None
) -> list[Problem]:
    """Return all that is wrong with `values` as a `shape`: what pydantic found, and what does not fit together in the
    sections that can be read although others cannot. `body` is what the file says, marks included.
    """
    problems = []
    for error in fault.errors():
        if error["type"] != "misfit":
            what = error["msg"].removeprefix("Value error, ")
            if error["type"] == "extra_forbidden":
                what = f"is not permitted here: no such key{suggestion(str(error['loc'][-1]), _names_at(shape, error))}"
            problems.append(problem_at(body, _error_path(body, error["loc"]), what, lines))
    problems += [problem_at(body, misfit.path, misfit.what, lines) for misfit in _misfits(shape, values, ())[1]]
    return list(dict.fromkeys(problems))


def _names_at(shape: type[Shape], error: Any) -> list[str]:
    """Return the keys that the place of an unknown key knows."""
    shapes: tuple[type[Shape], ...] = (shape,)
    for step in error["loc"][:-1]:
        fields = [s.model_fields[step].annotation for s in shapes if step in s.model_fields]
        if fields:
            shapes = tuple(inner for annotation in fields for inner in shapes_in(annotation))
    return [name for s in shapes for name in s.model_fields]


def _misfits(annotation: Any, node: Any, path: Path) -> tuple[Any, list[Misfit]]:
    """Return what can be read of a node as `annotation` says, and the misfits in it and below it.

    pydantic asks a section for what does not fit together only where all below it is right: here the sections are built
    of what is right, and each check that misses something is passed over.
    """
    shapes = shapes_in(annotation)
    if len(shapes) == 1 and isinstance(node, dict):
        return _partial(shapes[0], node, path)
    if len(shapes) == 1 and isinstance(node, list):
        entries = [_misfits(shapes[0], entry, (*path, number)) for number, entry in enumerate(node)]
        result = [misfit for _value, misfits in entries for misfit in misfits]
        whole = all(value is not _MISSING for value, _misfits_of_it in entries)
        return (tuple(value for value, _misfits_of_it in entries) if whole else _MISSING), result
    try:
        return TypeAdapter(annotation).validate_python(node), []
    except ValidationError as fault:
        return _MISSING, list(_within(fault, path))


def _partial(shape: type[Shape], node: Mapping[str, Any], path: Path) -> tuple[Shape, list[Misfit]]:
    values: dict[str, Any] = {}
    found: list[Misfit] = []
    for name, field in shape.model_fields.items():
        if name in node:
            value, below = _misfits(_annotation(field), node[name], (*path, name))
            found += below
            values |= {} if value is _MISSING else {name: value}
    built = shape.model_construct(**values)
    for name in shape.model_fields.keys() & node.keys() - values.keys():
        built.__dict__.pop(name, None)  # no default in the place of what is wrong
    for check in built.checks():
        try:
            found += [Misfit(misfit.what, (*path, *misfit.path)) for misfit in check()]
        except (AttributeError, IndexError, KeyError, TypeError):
            continue  # it needs what is not right: that is told already
    return built, found


def _annotation(field: FieldInfo) -> Any:
    """Return a field's type with what is asked of it; of one that holds shapes the type alone."""
    if shapes_in(field.annotation):
        return field.annotation
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _within(fault: ValidationError, path: Path) -> Iterator[Misfit]:
    """Yield the misfits of a choice of shapes, whose steps in between are no keys."""
    for error in fault.errors():
        for misfit in error.get("ctx", {}).get("misfits", ()) if error["type"] == "misfit" else ():
            yield Misfit(misfit.what, (*path, *misfit.path))


def _error_path(body: Any, loc: Path) -> Path:
    """Return where an error stands in the body: without the steps that pydantic puts in for the choice of a shape. The
    last step may be a key that is missing.
    """
    path: list[str | int] = []
    node = body
    for place, step in enumerate(loc, start=1):
        node = _inside(node)
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        elif isinstance(node, dict) and (step in node or place == len(loc)):
            node = node.get(step)
        else:
            continue
        path.append(step)
    return tuple(path)


def _inside(node: Any) -> Any:
    """Return what a marked value holds, or the node itself."""
    return node["value"] if isinstance(node, dict) and "value" in node else node


def dotted(body: Any, path: Path) -> str:
    """Return a path for people: entries of a list by their key, else by their number from 0."""
    names: list[str] = []
    node = body
    for step in path:
        try:
            node = _inside(node)[step]
        except (KeyError, IndexError, TypeError):
            node = None
        has_key = isinstance(step, int) and isinstance(node, dict) and isinstance(node.get("key"), str)
        names.append(node["key"] if has_key else str(step))
    return "".join(char if char.isprintable() else "\ufffd" for char in ".".join(names))
