"""Parts of a page that few values decide: drawn once in a process for each of them, and never anew.

No fact of the database is remembered: what is drawn is a function of the values that the tag names, of the language and
of the kind of host. The part sees nothing else of the page, so that nothing else can be shown in it.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.signals import setting_changed
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.urls import get_urlconf
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kernel.money import Money

register = template.Library()
KEPT = 2048  # parts that a process keeps; then it begins anew
LONGEST = 16_384  # characters of a part that is kept, so that no address of somebody's making fills the memory
_drawn: dict[tuple[Any, ...], SafeString] = {}


class MemoNode(Node):
    """The part between `memo` and `endmemo`."""

    def __init__(self, values: dict[str, FilterExpression], nodelist: NodeList) -> None:
        """Take the names by which the part knows its values, and the part."""
        self.values, self.nodelist = values, nodelist

    def render(self, context: Context) -> SafeString:
        """Return the part as it was drawn for these values, or draw it."""
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (self, get_language(), get_urlconf(), *map(_key, values.values()))
        drawn = _drawn.get(key)
        if drawn is None:
            drawn = self.nodelist.render(context.new(values))
            if len(_drawn) >= KEPT:
                _drawn.clear()
            if len(drawn) <= LONGEST:
                _drawn[key] = drawn
        return drawn


@register.tag
def memo(parser: Parser, token: Token) -> MemoNode:
    """Draw a part once for the values it names: {% memo name=person.name links=links %} … {% endmemo %}.

    Values are texts, numbers, amounts, truths and lists and dicts of them. A row is refused (TypeError): it may change.
    """
    name, *words = token.split_contents()
    values = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"{name} takes values with names only")
    nodelist = parser.parse(("endmemo",))
    parser.delete_first_token()
    return MemoNode(values, nodelist)


def _key(value: Any) -> Any:
    """Return a value as part of a key; its type belongs to it, since what is escaped and what is not look alike."""
    if value is None or isinstance(value, str | int | Promise | Money):
        return type(value), value
    if isinstance(value, dict):
        return dict, *_keys(value.items())
    if isinstance(value, list | tuple):
        return tuple, *_keys(value)
    raise TypeError(f"a part of a page cannot be remembered by {type(value).__name__}")


def _keys(values: Iterable[Any]) -> Iterable[Any]:
    return map(_key, values)


def _forget(**kwargs: Any) -> None:
    """Forget all when a test changes a setting: addresses of files may be others then."""
    _drawn.clear()


setting_changed.connect(_forget, dispatch_uid="kernel.memo")
