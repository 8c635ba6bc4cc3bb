"""Templates of notices: from a key to title and text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context, TemplateDoesNotExist, loader
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
    try:
        template = loader.get_template(template_file(key))
    except TemplateDoesNotExist:
        raise TemplateMissing(f"write the words of {key} into frontend/templates/{template_file(key)}") from None
    with translation.override(language):
        text = template.template.render(Context(dict(context), autoescape=False))  # type: ignore[attr-defined]  # Django's own engine
    title, _line, rest = text.strip().partition("\n")
    return Words(title.strip(), rest.strip())
