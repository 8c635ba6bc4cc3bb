"""Lists and the forms that narrow them, drawn in Python: their templates cost more than all the rest of a page."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from inspect import isfunction
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms, template
from django.forms import BoundField, Form
from django.forms.models import ModelChoiceIterator
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_filters.fields import ChoiceIterator
from django_tables2 import Table
from django_tables2.templatetags.django_tables2 import table_page_range

from kernel import editions, rows, tenancy

register = template.Library()
ICON = '<svg width="20" height="20" class="nx-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
_PLAIN = (forms.TextInput, forms.DateInput, forms.Select)
_BOUNDS = {"maxlength", "minlength"}  # the attributes that a field's own lengths give its widget
GAP = "..."  # between the numbers of pages
KEPT = 256  # lists of choices that a process keeps
_known: "OrderedDict[tuple[str, str, str | None], tuple[tuple[str, ...], list[tuple[str, str]]]]" = OrderedDict()


@register.simple_tag(takes_context=True)
def table_headings(context: Context, table: Table) -> SafeString:
    """Return the headings of a table's columns."""
    return rows.headings(table, context)


@register.simple_tag(takes_context=True)
def table_rows(context: Context, table: Table) -> SafeString:
    """Return the rows of a table's page."""
    return rows.rows(table, context)


@register.simple_tag(takes_context=True)
def page_links(context: Context, table: Table) -> dict[str, Any]:
    """Return the numbers and addresses of a table's pages, nothing where it has one; the rest of the query stays."""
    page, paginator = table.page, table.paginator
    if paginator.num_pages <= 1:
        return {}
    params = dict(context["request"].GET)

    def url(number: Any) -> str:
        return "?" + urlencode(params | {table.prefixed_page_field: number}, doseq=True)

    return {
        "number": page.number,
        "previous": url(page.number - 1) if page.has_previous() else "",
        "next": url(page.number + 1) if page.has_next() else "",
        "pages": [(n, "" if n in (page.number, GAP) else url(n)) for n in table_page_range(page, paginator)],
    }


@register.simple_tag
def side_links(items: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return a console's links as components/side_nav.html tells of them; icons as components/icon.html draws them."""
    sheet = static("icons.svg")
    return format_html_join("", "{}", ((_side_link(item, sheet),) for item in items))


def _side_link(item: Mapping[str, Any], sheet: str) -> SafeString:
    here = format_html(' aria-current="{}"', item["active"]) if item.get("active") else ""
    count = format_html('<span class="nx-count">{}</span>', item["count"]) if item.get("count") else ""
    icon = format_html(ICON, sheet, item["icon"]) if item.get("icon") else ""
    return format_html('<li><a href="{}"{}>{}<span>{}</span>{}</a></li>', item["url"], here, icon, item["label"], count)


@register.simple_tag
def filter_fields(form: Form) -> SafeString:
    """Return the fields of a form that narrows a list, as crispy draws them; it draws whatever is out of the common."""
    fields = list(form)
    if form.errors or any(not is_plain(field) for field in fields):
        drawn: SafeString = as_crispy_form(form)
        return drawn
    return format_html_join("", "{}", ((_field(field),) for field in fields))


def is_plain(field: BoundField) -> bool:
    """Whether a filter's field is one that is drawn here; one that is not costs its list as much as all its rows."""
    widget = field.field.widget
    return (
        type(widget) in _PLAIN and not field.help_text and not field.field.required and widget.attrs.keys() <= _BOUNDS
    )


def _field(field: BoundField) -> SafeString:
    words = '<div id="div_{0}" class="mb-3"><label for="{0}" class="form-label">{1}</label> {2}</div>'
    return format_html(words, field.auto_id, field.label, _control(field))


def _control(field: BoundField) -> SafeString:
    if not isinstance(field.field.widget, forms.Select):
        return _text(field)
    chosen = field.field.widget.format_value(field.value())
    choices = tuple(("" if v is None else str(v), str(label)) for v, label in _choices(field.field.widget.choices))
    plain = all(type(label) is str for _key, label in choices)  # not words that are HTML already, which look alike
    options = (_options if plain else _draw)(choices, tuple(key for key, _label in choices if key in chosen))
    words = '<select name="{}" class="select form-select" id="{}">{}</select>'
    return format_html(words, field.html_name, field.auto_id, mark_safe(options))  # noqa: S308 - escaped one by one


def _text(field: BoundField) -> SafeString:
    words = '<input type="{}" name="{}"{}{} class="textinput form-control" id="{}">'
    widget = field.field.widget
    value = widget.format_value(field.value())
    said = "" if value is None else format_html(' value="{}"', value)
    bounds = format_html_join("", ' {}="{}"', widget.attrs.items())
    return format_html(words, widget.input_type, field.html_name, said, bounds, field.auto_id)


def _choices(choices: Any) -> Iterable[tuple[Any, Any]]:
    """Return a field's choices; those that are rows of one table are read again only when its rows have changed."""
    if isinstance(choices, ChoiceIterator) and isfunction(choices.choices):
        # A function's pairs as they are: Django looks into each for a group, which takes as long as reading the rows.
        field = choices.field
        ends = (("", field.empty_label), (field.null_value, field.null_label))
        return [*(pair for pair in ends if pair[1] is not None), *choices.choices()]
    rows_of = getattr(choices, "queryset", None)
    if not isinstance(choices, ModelChoiceIterator) or rows_of is None or len(rows_of.query.alias_map) > 1:
        plain: Iterable[tuple[Any, Any]] = choices
        return plain
    edition = editions.of(editions.Rows(rows_of.model))
    key = (tenancy.current_schema(), str(rows_of.query), get_language())
    known = _known.get(key)
    if known is None or known[0] != edition:
        _known[key] = known = (edition, [(str(value), str(label)) for value, label in choices])
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return known[1]


def _draw(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> str:
    return "".join(_option(key, label, " selected" if key in chosen else "") for key, label in choices)


_options = lru_cache(maxsize=64)(_draw)  # most filters have the same choices at each request


def _option(key: str, label: str, mark: str) -> str:
    return f'<option value="{rows.escaped(key)}"{mark}>{rows.escaped(label)}</option>'
