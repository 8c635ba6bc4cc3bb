"""Components drawn from Python.

Those that their own values alone decide are drawn once for each set of values, then looked up.
"""

from functools import lru_cache
from typing import Any

from django.template import Context, loader
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

DRAWN = 2048  # drawings that a process keeps; a state's badge has about a hundred bytes, a price a thousand


def drawn(template_name: str, **values: Any) -> SafeString:
    """Return a component's HTML, as {% include template_name with … only %} draws it.

    The values are hashable and never change; the component reads nothing else but the language.
    """
    plain = tuple((name, str(value) if isinstance(value, Promise) else value) for name, value in values.items())
    return _drawn(template_name, get_language(), plain)


def within(context: Context, template_name: str) -> SafeString:
    """Return what a template draws within the context of the page that is being drawn, as {% include %} does."""
    template = loader.get_template(template_name).template  # type: ignore[attr-defined]  # Django's own engine
    html: SafeString = template.render(context)
    return html


@lru_cache(maxsize=DRAWN)
def _drawn(template_name: str, _language: str | None, values: tuple[tuple[str, Any], ...]) -> SafeString:
    return mark_safe(within(Context(dict(values)), template_name).strip())  # noqa: S308 - what a template drew
