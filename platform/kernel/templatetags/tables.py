"""django-tables2's tags, with a `render_table` that draws within the page's own context.

The package's makes another context for each table, for which every context processor of the page runs again. The
settings give this library the package's name (TEMPLATES, `libraries`).
"""

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django_tables2 import Table
from django_tables2.templatetags import django_tables2 as package

from kernel.components import within

register = template.Library()
register.tags.update(package.register.tags)
register.filters.update(package.register.filters)


@register.simple_tag(takes_context=True)
def render_table(context: Context, table: Table, template_name: str = "") -> SafeString:
    """Return a table with its pages."""
    table.context = context
    table.before_render(context.get("request"))
    try:
        with context.push(table=table):
            return within(context, template_name or table.template_name)
    finally:
        del table.context
