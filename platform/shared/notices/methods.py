"""Templates of notices: from a key to title and text."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template import Context, TemplateDoesNotExist, engines, loader
from django.utils import translation


class TemplateMissing(LookupError):
    """There are no words under this key."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads: one line, and a text."""

    title: str
    text: str


def template_file(key: str) -> str:
    """Return where the words of "app.name" stand among the templates: "app/notices/name.txt"."""
    app, dot, name = key.partition(".")
    if not (app and dot and name):
        raise TemplateMissing(f"a notice's template is named app.name, not {key!r}")
    return f"{app}/notices/{name}.txt"


def words(key: str, context: Mapping[str, Any], language: str) -> Words:
    """Return the words of a template in a language: its first line is the title, the rest the text.

    Raises TemplateMissing where frontend/templates/<app>/notices/<name>.txt is missing.
    """
    return _rendered(key, dict(context), language)


def with_variables(key: str, language: str) -> Words:
    """Return the words of a template with the name of each value in its place: ${code}."""
    return _rendered(key, _Names(), language)


def template_keys() -> list[str]:
    """Return the keys of all templates, in order."""
    folders = [Path(folder) for folder in engines["django"].engine.dirs]  # type: ignore[attr-defined]  # Django's own engine
    paths = [path for folder in folders for path in folder.glob("*/notices/*.txt")]
    return sorted(f"{path.parts[-3]}.{path.stem}" for path in paths)


class _Names(dict[str, Any]):
    """Values that are their own names."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> str:
        return f"${{{name}}}"


def _rendered(key: str, context: dict[str, Any], language: str) -> Words:
    try:
        template = loader.get_template(template_file(key))
    except TemplateDoesNotExist:
        raise TemplateMissing(f"write the words of {key} into frontend/templates/{template_file(key)}") from None
    with translation.override(language):
        text = template.template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]  # Django's own engine
    title, _line, rest = text.strip().partition("\n")
    return Words(title.strip(), rest.strip())
